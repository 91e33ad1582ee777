import { createHash } from "node:crypto";
import { desc, eq, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type ActRequest, actOnce } from "#platform/act-once";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import { type Id, isId, newId } from "#platform/id";
import { enqueue } from "#platform/queue";
import { Refusal } from "#platform/refusal";
import { announcements, users } from "#schema";

/**
 * What the operator tells a segment of its customers: written as a draft, shown to how many people it would go,
 * and sent. Who is in the segment is written down as it is sent; a job writes the mails (delivery.ts).
 */

type Row = typeof announcements.$inferSelect;
type AnnouncementId = Id<"announcement">;

/** People as a query: `user_id`, `confirmed`, `suspended` of each. Announcements know no filters. */
export type Audience = SQL;

export type Draft = Pick<
  Row,
  | "titleEn"
  | "titleZh"
  | "textEn"
  | "textZh"
  | "banner"
  | "mail"
  | "filter"
  | "view"
  | "showsFrom"
  | "showsUntil"
>;

/** How many people it would go to, and how many of them may be mailed. */
export type AnnouncementPreview = { people: number; mayMail: number };

/** Their address is confirmed, and they have not ended news by mail. */
const mayMail = sql`(s.confirmed and not exists (
  select from mail_choices m where m.user_id = s.user_id and not m.news))`;

const written = z.object({ id: z.string().refine((id) => isId("announcement", id)) });

export async function previewAnnouncement(audience: Audience): Promise<AnnouncementPreview> {
  const { rows } = await db().execute<{ people: number; may_mail: number }>(sql`
    select count(*)::int as people, count(*) filter (where ${mayMail})::int as may_mail
    from (${audience}) s where not s.suspended`);
  return { people: rows[0]?.people ?? 0, mayMail: rows[0]?.may_mail ?? 0 };
}

/** @throws Refusal idempotency_conflict; not_found when the key's draft was discarded since */
export async function saveDraft(
  draft: Draft,
  request: Pick<ActRequest, "by" | "key">,
): Promise<Announcement> {
  const { by } = request;
  const { id } = await db().transaction((tx) =>
    actOnce(tx, request, ["announcement.write", JSON.stringify(draft)], written, async () => {
      const id = newId("announcement");
      await tx.insert(announcements).values({ id, ...draft, createdBy: by.id });
      await record(tx, "announcement.write", id, by, draft);
      return { id };
    }),
  );
  return requireAnnouncement(id);
}

/** The words themselves stay out of a log that is never deleted: it tells which they were. */
async function record(
  tx: Tx,
  action: "announcement.write" | "announcement.change" | "announcement.discard",
  id: AnnouncementId,
  by: Actor,
  { titleEn, titleZh, textEn, textZh, banner, mail }: Draft,
): Promise<void> {
  const text = createHash("sha256").update([titleEn, titleZh, textEn, textZh].join("\n")).digest("hex");
  await recordAct(tx, { by, action, object: { type: "announcement", id }, after: { text, banner, mail } });
}

/** @throws Refusal not_found, announcement_sent for what is no draft any more */
export async function changeDraft(id: AnnouncementId, draft: Draft, by: Actor): Promise<Announcement> {
  await db().transaction(async (tx) => {
    await lockDraft(tx, id);
    const updatedAt = sql`clock_timestamp()`;
    await tx
      .update(announcements)
      .set({ ...draft, updatedAt })
      .where(eq(announcements.id, id));
    await record(tx, "announcement.change", id, by, draft);
  });
  return requireAnnouncement(id);
}

/** @throws Refusal as above */
export async function discardDraft(id: AnnouncementId, by: Actor): Promise<void> {
  await db().transaction(async (tx) => {
    await record(tx, "announcement.discard", id, by, await lockDraft(tx, id));
    await tx.delete(announcements).where(eq(announcements.id, id));
  });
}

async function lockDraft(tx: Tx, id: AnnouncementId): Promise<Row> {
  const row = await lockAnnouncement(tx, id);
  if (!row) throw new Refusal("not_found");
  if (row.status !== "draft") throw new Refusal("announcement_sent");
  return row;
}

/** The announcement, kept as it is until the transaction ends: whoever writes any of its mails holds this lock. */
export async function lockAnnouncement(tx: Tx, id: AnnouncementId): Promise<Row | undefined> {
  const [row] = await tx.select().from(announcements).where(eq(announcements.id, id)).for("update");
  return row;
}

const done = z.object({ id: z.string() });

/**
 * Sends a draft: to everybody of the segment as it is now, with its line in the audit log.
 * @param seen the draft as it was on the screen, and how many people it was shown to be for: they may have become
 *   fewer, not more
 * @throws Refusal not_found, announcement_sent, draft_stale when it was changed since, segment_changed,
 *   invalid_request when there is nobody, idempotency_conflict
 */
export async function sendAnnouncement(
  id: AnnouncementId,
  audience: Audience,
  { updatedAt, people: shown }: { updatedAt: Date; people: number },
  request: ActRequest,
): Promise<Announcement> {
  await db().transaction((tx) =>
    actOnce(tx, request, ["announcement.send", id, updatedAt.getTime(), shown], done, async () => {
      const draft = await lockDraft(tx, id);
      if (draft.updatedAt.getTime() !== updatedAt.getTime()) throw new Refusal("draft_stale");
      if (draft.showsUntil && draft.showsUntil.getTime() <= Date.now()) {
        const message = "It would be over already.";
        throw new Refusal("invalid_request", { errors: [{ path: "showsUntil", message }] });
      }
      const { people, toMail } = await writeDown(tx, draft, audience);
      if (people > shown) throw new Refusal("segment_changed", { people });
      if (people === 0) {
        throw new Refusal("invalid_request", { errors: [{ path: "filter", message: "Nobody is in it." }] });
      }
      await tx
        .update(announcements)
        .set({ status: toMail > 0 ? "sending" : "sent", people, toMail, sentAt: sql`clock_timestamp()` })
        .where(eq(announcements.id, id));
      await recordAct(tx, {
        ...{ by: request.by, reason: request.reason, action: "announcement.send" },
        ...{ object: { type: "announcement", id }, after: { people, toMail, banner: draft.banner } },
      });
      if (toMail > 0) {
        await enqueue(tx, "announcements.mail", { id }, { key: `announcements.mail:${id}`, priority: 5 });
      }
      return { id };
    }),
  );
  return requireAnnouncement(id);
}

async function writeDown(tx: Tx, { id, mail }: Row, audience: Audience) {
  const { rows } = await tx.execute<{ people: number; to_mail: number }>(sql`
    with written as (
      insert into announcement_people (announcement_id, user_id, mail)
      select ${id}, s.user_id, case when ${mail} and ${mayMail} then 'waiting' else 'none' end
      from (${audience}) s where not s.suspended
      returning mail
    )
    select count(*)::int as people, count(*) filter (where mail = 'waiting')::int as to_mail from written`);
  return { people: rows[0]?.people ?? 0, toMail: rows[0]?.to_mail ?? 0 };
}

/**
 * Stops an announcement: no further mail is written, and it is not shown any more.
 * @throws Refusal not_found, also for a draft; idempotency_conflict
 */
export async function stopAnnouncement(id: AnnouncementId, request: ActRequest): Promise<Announcement> {
  await db().transaction((tx) =>
    actOnce(tx, request, ["announcement.stop", id], done, async () => {
      const row = await lockAnnouncement(tx, id);
      if (!row || row.status === "draft") throw new Refusal("not_found");
      if (row.status === "stopped") return { id };
      await tx.update(announcements).set({ status: "stopped" }).where(eq(announcements.id, id));
      await recordAct(tx, {
        ...{ by: request.by, reason: request.reason, action: "announcement.stop" },
        object: { type: "announcement", id },
        before: { status: row.status },
        after: { mailed: row.mailed, toMail: row.toMail },
      });
      return { id };
    }),
  );
  return requireAnnouncement(id);
}

export type Announcement = Row & { createdByMail: string | null };

/** A page's end, from which the next goes on. */
export type AnnouncementCursor = { at: Date; id: string };

/** The newest first. */
export async function listAnnouncements({
  limit,
  before,
}: {
  limit: number;
  before?: AnnouncementCursor | undefined;
}): Promise<{ announcements: Announcement[]; next: AnnouncementCursor | null }> {
  const { createdAt, id } = announcements;
  const isBefore =
    before && sql`(${createdAt}, ${id}) < (${before.at.toISOString()}::timestamptz, ${before.id})`;
  const rows = await select(isBefore, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    announcements: page,
    next: rows.length > limit && last ? { at: last.createdAt, id: last.id } : null,
  };
}

/** @throws Refusal not_found */
export async function requireAnnouncement(id: AnnouncementId): Promise<Announcement> {
  const [row] = await select(eq(announcements.id, id), 1);
  if (!row) throw new Refusal("not_found");
  return row;
}

async function select(where: SQL | undefined, limit: number): Promise<Announcement[]> {
  const rows = await db()
    .select({ row: announcements, createdByMail: users.email })
    .from(announcements)
    .leftJoin(users, eq(users.id, announcements.createdBy))
    .where(where)
    .orderBy(desc(announcements.createdAt), desc(announcements.id))
    .limit(limit);
  return rows.map(({ row, createdByMail }) => ({ ...row, createdByMail }));
}
