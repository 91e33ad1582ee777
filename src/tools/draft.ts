import { eq } from "drizzle-orm";
import { recordAct } from "#platform/audit";
import { db } from "#platform/db";
import { Refusal } from "#platform/refusal";
import { toolSecrets, toolSettings } from "#schema";
import { codeTool } from "./catalog";
import { type Difference, differenceOf } from "./difference";
import type { MadeDefinition } from "./made";
import { baseOf, toolAs } from "./revised";
import {
  comparable,
  draftErrors,
  readValues,
  stateOf,
  type ToolDraft,
  type ToolState,
  type ToolValues,
  withoutDefaults,
} from "./settings";
import {
  type By,
  findRevision,
  lockSettings,
  publishable,
  requireSeen,
  type Seen,
  told,
} from "./settings-row";
import type { Tool } from "./tool";

/** What the operator is making of a tool, before anybody else sees it; and a tool of their own, which begins so. */

export type ToolSettings = {
  /** One that was made and never published is as its draft says, and off. */
  tool: Tool;
  /** What a made tool is made of: as published, and as drafted. Null for a tool of the code. */
  made: { published: MadeDefinition | null; draft: MadeDefinition | null } | null;
  /** As the code says, whose limits are the most that may be published. */
  code: ToolState;
  published: ToolState;
  revision: number;
  draft: { values: ToolDraft; state: ToolState; difference: Difference[]; savedAt: Date } | null;
  /** How customers have it since when, and why; null while it is as the code says. */
  last: { at: Date; reason: string | null } | null;
};

/** @throws Refusal not_found */
export async function readToolSettings(slug: string): Promise<ToolSettings> {
  return db().transaction(async (tx) => {
    const [row] = await tx.select().from(toolSettings).where(eq(toolSettings.slug, slug));
    const revision = row?.revision ?? 0;
    const last = await findRevision(tx, slug, revision);
    const values = last ? readValues(last.values) : {};
    const draft = row?.draft && row.draftedAt ? { values: readValues(row.draft), at: row.draftedAt } : null;
    const base = baseOf(slug, values) ?? (draft && baseOf(slug, draft.values));
    const tool =
      toolAs(slug, revision, values) ?? (draft && toolAs(slug, 0, { ...draft.values, enabled: false }));
    if (!base || !tool) throw new Refusal("not_found");
    const made = values.made || draft?.values.made;
    return {
      ...{ tool, code: stateOf(base), published: stateOf(tool), revision },
      made: made ? { published: values.made ?? null, draft: draft?.values.made ?? null } : null,
      draft: draft && { ...drafted(slug, values, draft.values), savedAt: draft.at },
      last: last && { at: last.createdAt, reason: last.reason },
    };
  });
}

/** Made tools that were never published, as their drafts say. */
export async function listUnpublished(): Promise<Tool[]> {
  const rows = await db().select().from(toolSettings).where(eq(toolSettings.revision, 0));
  return rows.flatMap(({ slug, draft }) => {
    const values = draft ? readValues(draft) : {};
    return (values.made && toolAs(slug, 0, { ...values, enabled: false })) || [];
  });
}

/** The slugs of tools that have a draft. */
export async function listDrafted(): Promise<Set<string>> {
  const rows = await db().select({ slug: toolSettings.slug, draft: toolSettings.draft }).from(toolSettings);
  return new Set(rows.flatMap(({ slug, draft }) => (draft ? [slug] : [])));
}

/**
 * The tool as its draft says, else as it is published, and the values of that: for a test run.
 * @throws Refusal not_found
 */
export async function draftedTool(slug: string): Promise<{ tool: Tool; values: ToolValues }> {
  const [row] = await db().select().from(toolSettings).where(eq(toolSettings.slug, slug));
  const last = await db().transaction((tx) => findRevision(tx, slug, row?.revision ?? 0));
  const published = last ? readValues(last.values) : {};
  const values = row?.draft ? publishable(published, readValues(row.draft)) : published;
  const tool = toolAs(slug, row?.revision ?? 0, values);
  if (!tool) throw new Refusal("not_found");
  return { tool, values };
}

/**
 * Makes a tool of the operator's own, as a draft.
 * @returns when it was saved
 * @throws Refusal invalid_request naming `slug` when another tool has it, or what does not fit in the definition
 */
export async function makeTool(slug: string, made: MadeDefinition, { by }: By): Promise<Date> {
  const taken = () =>
    new Refusal("invalid_request", { errors: [{ path: "slug", message: "Another tool has this name." }] });
  const base = baseOf(slug, { made });
  if (codeTool(slug) || !base) throw taken();
  const errors = draftErrors(base, { made });
  if (errors.length > 0) throw new Refusal("invalid_request", { errors });
  return db().transaction(async (tx) => {
    const draftedAt = new Date();
    const order = { slug, draft: { made }, draftedBy: by.id, draftedAt };
    const [row] = await tx.insert(toolSettings).values(order).onConflictDoNothing().returning();
    if (!row) throw taken();
    const after = { name: made.texts.en.name, kind: made.work.kind };
    await recordAct(tx, { by, action: "tool.make", object: { type: "tool", id: slug }, after });
    return draftedAt;
  });
}

/**
 * Keeps a draft; null drops it, and with it a made tool that was never published.
 * @returns when it was saved, which whoever goes on with it names
 * @throws Refusal not_found, tool_changed when somebody else has saved one since, invalid_request for a rate
 *   the tool has not, a limit above the code's, or what does not fit in a definition
 */
export async function saveDraft(
  slug: string,
  draft: ToolDraft | null,
  seen: Seen,
  { by }: By,
): Promise<Date | null> {
  return db().transaction(async (tx) => {
    const { revision, values, draft: old, draftedAt } = await lockSettings(tx, slug);
    requireSeen(seen, draftedAt, revision);
    const made = values.made ?? old?.made;
    const base = baseOf(slug, { made: draft?.made ?? made });
    if (!base || (draft && !draft.made !== !made)) throw new Refusal("not_found");
    const errors = draft ? draftErrors(base, draft) : [];
    if (errors.length > 0) throw new Refusal("invalid_request", { errors });
    const kept = draft && withoutDefaults(base, draft);
    // Never the same twice: it tells one draft from the next.
    const savedAt = kept && new Date(Math.max(Date.now(), (draftedAt?.getTime() ?? 0) + 1));
    const difference = kept ? drafted(slug, values, kept).difference : [];
    const own = eq(toolSettings.slug, slug);
    if (!kept && made && revision === 0) {
      await tx.delete(toolSettings).where(own);
      // Another tool of this name would share it with the server of this one.
      await tx.delete(toolSecrets).where(eq(toolSecrets.slug, slug));
    } else
      await tx
        .update(toolSettings)
        .set({ draft: kept, draftedBy: kept && by.id, draftedAt: savedAt })
        .where(own);
    await recordAct(tx, {
      by,
      action: !kept && made && revision === 0 ? "tool.discard" : "tool.draft",
      object: { type: "tool", id: slug },
      ...told(difference),
    });
    return savedAt;
  });
}

function drafted(slug: string, values: ToolValues, draft: ToolDraft) {
  const next = publishable(values, draft);
  const [before, after] = [toolAs(slug, 0, values), toolAs(slug, 0, next)];
  if (!after) throw new Refusal("not_found");
  const difference = before ? differenceOf(comparable(before, values), comparable(after, next)) : [];
  return { values: draft, state: stateOf(after), difference };
}
