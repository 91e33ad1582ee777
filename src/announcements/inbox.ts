import { and, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { announcementPeople, announcements } from "#schema";

/** What a customer is told: the list behind the bell, and the banner until they close it. */

export type Told = {
  id: Id<"announcement">;
  title: { en: string; zh: string };
  text: { en: string; zh: string };
  /** It stands on top of every page, too, and was not closed. */
  banner: boolean;
  read: boolean;
  at: Date;
};

const most = 50;

/** Those that are shown now, the newest first. */
export async function listTold(userId: Id<"user">): Promise<Told[]> {
  const rows = await db()
    .select({ row: announcements, person: announcementPeople })
    .from(announcementPeople)
    .innerJoin(announcements, eq(announcements.id, announcementPeople.announcementId))
    .where(
      and(
        eq(announcementPeople.userId, userId),
        inArray(announcements.status, ["sending", "sent"]),
        sql`(${announcements.showsFrom} is null or ${announcements.showsFrom} <= now())`,
        sql`(${announcements.showsUntil} is null or ${announcements.showsUntil} > now())`,
      ),
    )
    .orderBy(desc(announcements.sentAt), desc(announcements.id))
    .limit(most);
  return rows.map(({ row, person }) => ({
    id: row.id,
    title: { en: row.titleEn, zh: row.titleZh },
    text: { en: row.textEn, zh: row.textZh },
    banner: row.banner && person.dismissedAt === null,
    read: person.readAt !== null,
    at:
      row.showsFrom && row.sentAt && row.showsFrom > row.sentAt
        ? row.showsFrom
        : (row.sentAt ?? row.createdAt),
  }));
}

/** They have seen these; what is not theirs is passed over. */
export async function markRead(userId: Id<"user">, ids: readonly Id<"announcement">[]): Promise<void> {
  if (ids.length === 0) return;
  await db()
    .update(announcementPeople)
    .set({ readAt: sql`now()` })
    .where(
      and(
        eq(announcementPeople.userId, userId),
        inArray(announcementPeople.announcementId, [...ids]),
        isNull(announcementPeople.readAt),
      ),
    );
}

/** They close the banner, on every device; it stays in the list. @throws Refusal not_found */
export async function dismissBanner(userId: Id<"user">, id: Id<"announcement">): Promise<void> {
  const closed = await db()
    .update(announcementPeople)
    .set({
      dismissedAt: sql`coalesce(${announcementPeople.dismissedAt}, now())`,
      readAt: sql`coalesce(${announcementPeople.readAt}, now())`,
    })
    .where(and(eq(announcementPeople.userId, userId), eq(announcementPeople.announcementId, id)))
    .returning({ id: announcementPeople.announcementId });
  if (closed.length === 0) throw new Refusal("not_found");
}
