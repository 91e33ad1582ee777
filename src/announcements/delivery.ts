import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { z } from "zod";
import { unsubscribeLink } from "#credits";
import type { Locale } from "#i18n";
import { db, type Tx } from "#platform/db";
import { type Id, isId } from "#platform/id";
import { type Mail, sendMails } from "#platform/mail";
import { announcementPeople, announcements, mailChoices, users } from "#schema";
import { lockAnnouncement } from "./announcement";
import { writeLetter } from "./letter";

/**
 * The job that writes an announcement's mails into the outbox, some people at a time: the announcement's row is
 * locked, and who is written to, their mails and how far it has come are committed together. So a job may die
 * anywhere or run twice, and each person gets one; the outbox refuses a second with the same key besides.
 */

const atOnce = 100;

type Letters = Record<Locale, (reader: { email: string; unsubscribe: string }, key: string) => Mail>;

/** `{ id }` */
export const mailTask: Task = async (payload, { abortSignal }) => {
  const { id } = z.object({ id: z.string() }).parse(payload);
  if (!isId("announcement", id)) throw new Error("announcements.mail needs an id");
  const [row] = await db().select().from(announcements).where(eq(announcements.id, id));
  if (!row) return;
  const letters: Letters = { en: await writeLetter(row, "en"), zh: await writeLetter(row, "zh") };
  while (await mailSome(id, letters)) {
    if (abortSignal?.aborted) throw new Error("the process is stopping");
  }
};

/** @returns false when nobody waits any more, or it was stopped */
async function mailSome(id: Id<"announcement">, letters: Letters): Promise<boolean> {
  return db().transaction(async (tx) => {
    const row = await lockAnnouncement(tx, id);
    if (row?.status !== "sending") return false;
    const turns = await nextInLine(tx, id);
    if (turns.length === 0) {
      // Whoever has gone meanwhile is not there to be counted otherwise.
      await tx
        .update(announcements)
        .set({ status: "sent", leftOut: row.toMail - row.mailed })
        .where(eq(announcements.id, id));
      return false;
    }
    const getting = turns.filter(({ mayMail }) => mayMail);
    await note(tx, id, "mailed", getting);
    await note(
      tx,
      id,
      "left_out",
      turns.filter(({ mayMail }) => !mayMail),
    );
    const written = getting.map(({ userId, email, locale }) =>
      letters[locale](
        { email, unsubscribe: unsubscribeLink(userId, "news") },
        `announcement:${id}:${userId}`,
      ),
    );
    await sendMails(tx, written);
    await tx
      .update(announcements)
      .set({
        mailed: sql`${announcements.mailed} + ${getting.length}`,
        leftOut: sql`${announcements.leftOut} + ${turns.length - getting.length}`,
      })
      .where(eq(announcements.id, id));
    return true;
  });
}

type Turn = { userId: Id<"user">; email: string; locale: Locale; mayMail: boolean };

/** Whose turn it is, and whether they may still be mailed: they may have been suspended, or ended news. */
async function nextInLine(tx: Tx, id: Id<"announcement">): Promise<Turn[]> {
  return tx
    .select({
      userId: users.id,
      email: users.email,
      locale: users.locale,
      mayMail: sql<boolean>`${users.emailVerified} and ${users.suspendedAt} is null and coalesce(${mailChoices.news}, true)`,
    })
    .from(announcementPeople)
    .innerJoin(users, eq(users.id, announcementPeople.userId))
    .leftJoin(mailChoices, eq(mailChoices.userId, users.id))
    .where(and(eq(announcementPeople.announcementId, id), eq(announcementPeople.mail, "waiting")))
    .orderBy(asc(announcementPeople.userId))
    .limit(atOnce);
}

async function note(
  tx: Tx,
  id: Id<"announcement">,
  mail: "mailed" | "left_out",
  turns: readonly Turn[],
): Promise<void> {
  if (turns.length === 0) return;
  const ids = turns.map(({ userId }) => userId);
  await tx
    .update(announcementPeople)
    .set({ mail })
    .where(and(eq(announcementPeople.announcementId, id), inArray(announcementPeople.userId, ids)));
}
