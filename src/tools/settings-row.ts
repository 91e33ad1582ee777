import { and, eq } from "drizzle-orm";
import type { Actor } from "#platform/audit";
import type { Tx } from "#platform/db";
import { Refusal } from "#platform/refusal";
import { toolRevisions, toolSettings } from "#schema";
import type { Difference } from "./difference";
import { readValues, type ToolDraft, type ToolValues } from "./settings";

/** A tool's row of settings, locked and read: what drafts and revisions are both made of. */

export type By = { by: Actor; reason?: string | undefined };

/** What somebody saw of a tool's draft: when it was saved; null for none. */
export type Seen = Date | null;

export type Settings = {
  revision: number;
  values: ToolValues;
  draft: ToolDraft | null;
  draftedAt: Date | null;
};

/** @throws Refusal tool_changed */
export function requireSeen(seen: Seen, current: Seen, revision: number): void {
  if (seen?.getTime() !== current?.getTime()) throw new Refusal("tool_changed", { revision });
}

/** The tool's row, made if need be: whoever changes the tool waits here for whoever does so now. */
export async function lockSettings(tx: Tx, slug: string): Promise<Settings> {
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

export async function findRevision(tx: Tx, slug: string, revision: number) {
  const [row] = await tx
    .select()
    .from(toolRevisions)
    .where(and(eq(toolRevisions.slug, slug), eq(toolRevisions.revision, revision)));
  return row ?? null;
}

/** What a draft makes of the published values: whether the tool is on, and where, is not its matter. */
export function publishable({ enabled, position }: ToolValues, draft: ToolDraft): ToolValues {
  return { ...draft, ...(enabled !== undefined && { enabled }), ...(position !== undefined && { position }) };
}

/** A difference as the audit log keeps it. */
export function told(difference: readonly Difference[]) {
  const short = (value: Difference["before"]) => (typeof value === "string" ? value.slice(0, 200) : value);
  return {
    before: Object.fromEntries(difference.map(({ path, before }) => [path, short(before)])),
    after: Object.fromEntries(difference.map(({ path, after }) => [path, short(after)])),
  };
}
