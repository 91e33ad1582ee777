import { and, eq, max } from "drizzle-orm";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import { Refusal } from "#platform/refusal";
import { toolRevisions, toolSecrets, toolSettings } from "#schema";
import { codeTool } from "./catalog";
import { type Difference, differenceOf } from "./difference";
import type { MadeDefinition } from "./made";
import { listPlaced, positionStep, settingsChanged } from "./published";
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
import type { Tool } from "./tool";

/**
 * What the operator makes of a tool: a draft, which nobody else sees, and revisions, the last of which
 * customers get. A revision is never changed; to go back is to publish an old one anew. Switching a tool off
 * and moving it act at once and leave the draft alone, and no draft ever switches a tool on.
 */

type By = { by: Actor; reason?: string | undefined };

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

/** What somebody saw of a tool's draft: when it was saved; null for none. */
type Seen = Date | null;

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

/**
 * Gives customers what the draft says. Runs that have begun keep the revision they began with.
 * @param seen the revision that whoever publishes has seen, and the draft
 * @returns the new revision's number
 * @throws Refusal not_found, also without a draft; tool_changed when another revision was published or another
 *   draft saved since; invalid_request when the draft no longer fits the code
 */
export async function publishDraft(
  slug: string,
  { base, savedAt }: { base: number; savedAt: Date },
  { by, reason }: By,
): Promise<number> {
  return published((tx) =>
    change(
      tx,
      { slug, base, by, reason, action: "tool.publish" },
      (values, { draft, draftedAt, revision }) => {
        const code = draft && baseOf(slug, draft);
        if (!code) throw new Refusal("not_found");
        requireSeen(savedAt, draftedAt, revision);
        const errors = draftErrors(code, draft);
        if (errors.length > 0) throw new Refusal("invalid_request", { errors });
        return publishable(values, draft);
      },
    ),
  );
}

/**
 * Takes new runs or refuses them, at once and in every process; runs that have begun end as usual.
 * @throws Refusal not_found, also for a made tool that was never published
 */
export async function switchTool(slug: string, enabled: boolean, { by, reason }: By): Promise<number> {
  return published((tx) =>
    change(tx, { slug, by, reason, action: "tool.switch", keepDraft: true }, (values) => ({
      ...values,
      enabled,
    })),
  );
}

/**
 * Publishes an old revision's price, limits and words anew; 0 is what the code says, which says nothing of a made
 * tool. The tool stays on or off, and where it is.
 * @throws Refusal not_found, tool_changed
 */
export async function restoreRevision(
  slug: string,
  { revision, base }: { revision: number; base: number },
  { by, reason }: By,
): Promise<number> {
  return published(async (tx) => {
    const old = revision === 0 ? { values: {} } : await findRevision(tx, slug, revision);
    if (!old) throw new Refusal("not_found");
    const { enabled: _, position: __, ...draft } = readValues(old.values);
    const order = { slug, base, by, reason, action: "tool.restore", restoredFrom: revision } as const;
    return change(tx, { ...order, keepDraft: true }, (values) => publishable(values, draft));
  });
}

/** Puts the tool before another in every list, or last. @throws Refusal not_found */
export async function moveTool(slug: string, before: string | null, { by }: By): Promise<void> {
  const placed = await listPlaced();
  const others = placed.filter(({ tool }) => tool.slug !== slug);
  if (others.length === placed.length) throw new Refusal("not_found");
  const index = before === null ? others.length : others.findIndex(({ tool }) => tool.slug === before);
  if (index < 0) throw new Refusal("not_found");
  const lower = others[index - 1]?.position ?? (others[index]?.position ?? 0) - positionStep * 2;
  const upper = others[index]?.position ?? lower + positionStep * 2;
  const order = others.map(({ tool }) => tool.slug).toSpliced(index, 0, slug);
  // Numbers between two neighbours grow close after a few moves to one place: then all are numbered anew.
  const places =
    upper - lower > 100
      ? [{ slug, position: (lower + upper) / 2 }]
      : order.map((each, at) => ({ slug: each, position: (at + 1) * positionStep }));
  await published(async (tx) => {
    for (const place of places.toSorted((a, b) => (a.slug < b.slug ? -1 : 1))) {
      const { position } = place;
      const order = { slug: place.slug, by, action: "tool.move", keepDraft: true } as const;
      await change(tx, order, (values) => ({ ...values, position }), { position });
    }
  });
}

/** Runs what publishes, and tells every process once it stands. */
async function published<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const done = await db().transaction(work);
  await settingsChanged();
  return done;
}

type Change = By & {
  slug: string;
  action: "tool.publish" | "tool.switch" | "tool.restore" | "tool.move";
  base?: number;
  restoredFrom?: number;
  keepDraft?: boolean;
};

/** Adds a revision, makes it the published one, and records the act. */
async function change(
  tx: Tx,
  { slug, action, base, restoredFrom, keepDraft = false, by, reason }: Change,
  decide: (values: ToolValues, settings: Settings) => ToolValues,
  also: { position?: number } = {},
): Promise<number> {
  const settings = await lockSettings(tx, slug);
  const { revision: current, values: old } = settings;
  if (base !== undefined && base !== current) throw new Refusal("tool_changed", { revision: current });
  const values = decide(old, settings);
  const [row] = await tx
    .select({ most: max(toolRevisions.revision) })
    .from(toolRevisions)
    .where(eq(toolRevisions.slug, slug));
  const revision = (row?.most ?? 0) + 1;
  const [before, after] = [toolAs(slug, current, old), toolAs(slug, revision, values)];
  if (!after) throw new Refusal("not_found");
  await tx.insert(toolRevisions).values({
    ...{ slug, revision, values, authorId: by.id },
    ...{ reason: reason ?? null, restoredFrom: restoredFrom ?? null },
  });
  await tx
    .update(toolSettings)
    .set({ revision, ...(!keepDraft && { draft: null, draftedBy: null, draftedAt: null }) })
    .where(eq(toolSettings.slug, slug));
  const difference = before ? differenceOf(comparable(before, old), comparable(after, values)) : [];
  const changes = told(difference);
  await recordAct(tx, {
    ...{ by, action, object: { type: "tool", id: slug } },
    before: { revision: current, ...changes.before },
    after: { revision, ...changes.after, ...also, ...(restoredFrom !== undefined && { restoredFrom }) },
    ...(reason !== undefined && { reason }),
  });
  return revision;
}

type Settings = {
  revision: number;
  values: ToolValues;
  draft: ToolDraft | null;
  draftedAt: Date | null;
};

/** @throws Refusal tool_changed */
function requireSeen(seen: Seen, current: Seen, revision: number): void {
  if (seen?.getTime() !== current?.getTime()) throw new Refusal("tool_changed", { revision });
}

/** The tool's row, made if need be: whoever changes the tool waits here for whoever does so now. */
async function lockSettings(tx: Tx, slug: string): Promise<Settings> {
  await tx.insert(toolSettings).values({ slug }).onConflictDoNothing();
  const [row] = await tx.select().from(toolSettings).where(eq(toolSettings.slug, slug)).for("update");
  if (!row) throw new Error(`the settings of ${slug} were not written`);
  const found = await findRevision(tx, slug, row.revision);
  return {
    revision: row.revision,
    values: found ? readValues(found.values) : {},
    draft: row.draft ? readValues(row.draft) : null,
    draftedAt: row.draftedAt,
  };
}

async function findRevision(tx: Tx, slug: string, revision: number) {
  const [row] = await tx
    .select()
    .from(toolRevisions)
    .where(and(eq(toolRevisions.slug, slug), eq(toolRevisions.revision, revision)));
  return row ?? null;
}

function drafted(slug: string, values: ToolValues, draft: ToolDraft) {
  const next = publishable(values, draft);
  const [before, after] = [toolAs(slug, 0, values), toolAs(slug, 0, next)];
  if (!after) throw new Refusal("not_found");
  const difference = before ? differenceOf(comparable(before, values), comparable(after, next)) : [];
  return { values: draft, state: stateOf(after), difference };
}

/** What a draft makes of the published values: whether the tool is on, and where, is not its matter. */
function publishable({ enabled, position }: ToolValues, draft: ToolDraft): ToolValues {
  return { ...draft, ...(enabled !== undefined && { enabled }), ...(position !== undefined && { position }) };
}

/** A difference as the audit log keeps it. */
function told(difference: readonly Difference[]) {
  const short = (value: Difference["before"]) => (typeof value === "string" ? value.slice(0, 200) : value);
  return {
    before: Object.fromEntries(difference.map(({ path, before }) => [path, short(before)])),
    after: Object.fromEntries(difference.map(({ path, after }) => [path, short(after)])),
  };
}
