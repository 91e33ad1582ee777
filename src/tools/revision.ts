import { eq, max } from "drizzle-orm";
import { recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import { Refusal } from "#platform/refusal";
import { toolRevisions, toolSettings } from "#schema";
import { differenceOf } from "./difference";
import { listPlaced, positionStep, settingsChanged } from "./published";
import { baseOf, toolAs } from "./revised";
import { comparable, draftErrors, readValues, type ToolValues } from "./settings";
import {
  type By,
  findRevision,
  lockSettings,
  publishable,
  requireSeen,
  type Settings,
  told,
} from "./settings-row";

/**
 * What the operator makes of a tool: of a draft (draft.ts), which nobody else sees, a revision, the last of which
 * customers get. A revision is never changed; to go back is to publish an old one anew. Switching a tool off
 * and moving it act at once and leave the draft alone, and no draft ever switches a tool on.
 */

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
