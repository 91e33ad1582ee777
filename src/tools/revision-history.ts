import { and, desc, eq, lt } from "drizzle-orm";
import { db } from "#platform/db";
import { toolRevisions, users } from "#schema";
import { type Difference, differenceOf } from "./difference";
import { toolAs } from "./revised";
import { comparable, readValues } from "./settings";

/** What a tool was before, and who made it so. */

export type RevisionView = {
  revision: number;
  createdAt: Date;
  authorMail: string | null;
  reason: string | null;
  restoredFrom: number | null;
  /** Against the revision before it. */
  difference: Difference[];
};

/** A page of a tool's revisions, newest first: those before the revision `before`. */
export async function listRevisions(
  slug: string,
  { limit, before }: { limit: number; before?: number | undefined },
): Promise<{ revisions: RevisionView[]; next: number | null }> {
  const rows = await db()
    .select({ row: toolRevisions, authorMail: users.email })
    .from(toolRevisions)
    .leftJoin(users, eq(users.id, toolRevisions.authorId))
    .where(
      and(
        eq(toolRevisions.slug, slug),
        before === undefined ? undefined : lt(toolRevisions.revision, before),
      ),
    )
    .orderBy(desc(toolRevisions.revision))
    .limit(limit + 1);
  const stateAt = (index: number) => {
    const values = readValues(rows[index]?.row.values ?? {});
    const tool = toolAs(slug, 0, values);
    return tool && comparable(tool, values);
  };
  const revisions = rows.slice(0, limit).map(({ row, authorMail }, index) => {
    const { revision, createdAt, reason, restoredFrom } = row;
    const [before, after] = [stateAt(index + 1), stateAt(index)];
    const difference = before && after ? differenceOf(before, after) : [];
    return { ...{ revision, createdAt, authorMail, reason, restoredFrom }, difference };
  });
  const next = rows.length > limit ? (revisions.at(-1)?.revision ?? null) : null;
  return { revisions, next };
}
