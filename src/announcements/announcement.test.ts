import { eq, inArray, like, type SQL, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { chooseMails, unsubscribe } from "#credits";
import { terminal } from "#platform/audit";
import { type Id, newId } from "#platform/id";
import { acts, announcementPeople, announcements, mails, users } from "#schema";
import { runJobs, testDatabase } from "#test";
import {
  announcementTasks,
  changeDraft,
  type Draft,
  discardDraft,
  dismissBanner,
  listTold,
  markRead,
  previewAnnouncement,
  requireAnnouncement,
  saveDraft,
  sendAnnouncement,
  stopAnnouncement,
} from "./index";

const { db } = testDatabase();
const system = announcementTasks.system ?? {};
const by = { ...terminal, id: newId("user"), role: "admin" };
const request = (key: string = newId("request")) => ({ by, reason: "the new upscaler", key });
const refused = (code: string) => expect.objectContaining({ name: "Refusal", code });

const usual: Draft = {
  ...{ titleEn: "A new upscaler", titleZh: "全新放大工具" },
  ...{
    textEn: "It is **faster**.\n\n- [Try it](/tools/upscale)",
    textZh: "它**更快**。\n\n- [试试](/tools/upscale)",
  },
  ...{ banner: true, mail: true, filter: {}, view: {}, showsFrom: null, showsUntil: null },
};

/** So many people of one name, and the query that finds them. */
async function aCrowd(size: number, { locale = "en" as "en" | "zh" } = {}) {
  const name = newId("user");
  const ids = Array.from({ length: size }, () => newId("user"));
  await db()
    .insert(users)
    .values(ids.map((id) => ({ id, name, locale, email: `${id}@example.com`, emailVerified: true })));
  const audience: SQL = sql`select u.id as user_id, u.email_verified as confirmed,
    u.suspended_at is not null as suspended from users u where u.name = ${name}`;
  return { ids, audience, name };
}

async function sent(audience: SQL, people: number, draft: Partial<Draft> = {}) {
  const { id, updatedAt } = await saveDraft({ ...usual, ...draft }, request());
  return sendAnnouncement(id, audience, { updatedAt, people }, request());
}

const mailsOf = (id: Id<"announcement">) =>
  db()
    .select()
    .from(mails)
    .where(like(mails.key, `announcement:${id}:%`));

test("is told to everybody of the segment, in their language, with a link that ends news by one click", async () => {
  const { ids, audience, name } = await aCrowd(2);
  const [ada = newId("user"), lin = newId("user")] = ids;
  await db().update(users).set({ locale: "zh" }).where(eq(users.id, lin));
  expect(await previewAnnouncement(audience)).toEqual({ people: 2, mayMail: 2 });
  const { id } = await sent(audience, 2);
  await runJobs(system);
  expect(await requireAnnouncement(id)).toMatchObject({ status: "sent", people: 2, mailed: 2, leftOut: 0 });
  const letters = await mailsOf(id);
  const [toAda, toLin] = [ada, lin].map((user) =>
    letters.find(({ recipient }) => recipient.startsWith(user)),
  );
  expect(toAda).toMatchObject({ subject: "A new upscaler", kind: "news", locale: "en" });
  expect(toLin).toMatchObject({ subject: "全新放大工具", locale: "zh" });
  expect(toAda?.html).toContain("<strong");
  expect(toAda?.html).toMatch(/href="http[^"]+\/tools\/upscale"/);
  const link = new URL(toAda?.unsubscribe ?? "");
  expect(toAda?.html).toContain(link.searchParams.get("token") ?? "none");
  expect(await unsubscribe(link.searchParams.get("token") ?? "")).toBe("news");
  expect(await previewAnnouncement(audience)).toEqual({ people: 2, mayMail: 1 });
  expect(await db().select().from(acts).where(eq(acts.objectId, id))).toMatchObject([
    { action: "announcement.write", after: { banner: expect.any(Boolean) } },
    { action: "announcement.send", after: { people: 2, toMail: 2 }, reason: "the new upscaler" },
  ]);
  expect(name).not.toBe("");
});

test("mails nobody who has not confirmed, has ended news, or is suspended; the last is not told at all", async () => {
  const { ids, audience } = await aCrowd(4);
  const [, unconfirmed = newId("user"), ended = newId("user"), suspended = newId("user")] = ids;
  await db().update(users).set({ emailVerified: false }).where(eq(users.id, unconfirmed));
  await chooseMails(ended, { news: false });
  await db().update(users).set({ suspendedAt: new Date() }).where(eq(users.id, suspended));
  expect(await previewAnnouncement(audience)).toEqual({ people: 3, mayMail: 1 });
  const { id } = await sent(audience, 3);
  await runJobs(system);
  expect(await requireAnnouncement(id)).toMatchObject({ people: 3, toMail: 1, mailed: 1 });
  expect(await listTold(unconfirmed)).toHaveLength(1);
  expect(await listTold(suspended)).toEqual([]);
});

test("leaves out whoever ends news, is suspended or deleted between sending and their turn", async () => {
  const { ids, audience } = await aCrowd(4);
  const { id } = await sent(audience, 4);
  const [, ended = newId("user"), suspended = newId("user"), gone = newId("user")] = ids;
  await chooseMails(ended, { news: false });
  await db().update(users).set({ suspendedAt: new Date() }).where(eq(users.id, suspended));
  await db().delete(users).where(eq(users.id, gone));
  await runJobs(system);
  expect(await requireAnnouncement(id)).toMatchObject({ status: "sent", mailed: 1, leftOut: 3 });
  expect(await mailsOf(id)).toHaveLength(1);
});

test("writes to each person once, however many jobs run at once and again", async () => {
  const { ids, audience } = await aCrowd(250);
  const { id } = await sent(audience, 250);
  const again = sql`select graphile_worker.add_job('announcements.mail', json_build_object('id', ${id}::text))`;
  for (let i = 0; i < 3; i++) await db().execute(again);
  await Promise.all([runJobs(system), runJobs(system), runJobs(system)]);
  await db().execute(again);
  await runJobs(system);
  const letters = await mailsOf(id);
  expect(letters).toHaveLength(250);
  expect(new Set(letters.map(({ recipient }) => recipient)).size).toBe(ids.length);
  expect(await requireAnnouncement(id)).toMatchObject({ status: "sent", mailed: 250, leftOut: 0 });
});

test("a job that dies between two batches goes on where it was", async () => {
  const { audience } = await aCrowd(250);
  const { id } = await sent(audience, 250);
  const ended = new AbortController();
  ended.abort();
  const dying = system["announcements.mail"]?.(
    { id },
    Object.assign(Object.create(null), { abortSignal: ended.signal }),
  );
  await expect(dying).rejects.toThrow("stopping");
  const { mailed } = await requireAnnouncement(id);
  expect([mailed > 0, mailed < 250, (await mailsOf(id)).length === mailed]).toEqual([true, true, true]);
  await runJobs(system);
  expect(await mailsOf(id)).toHaveLength(250);
});

test("stopped midway is mailed to nobody more, and shown no more", async () => {
  const { ids, audience } = await aCrowd(350);
  const { id } = await sent(audience, 350);
  const running = runJobs(system);
  const stopped = await stopAnnouncement(id, request());
  await running;
  expect(stopped.status).toBe("stopped");
  expect((await mailsOf(id)).length).toBe(stopped.mailed);
  expect(stopped.mailed).toBeLessThan(350);
  expect(await requireAnnouncement(id)).toMatchObject({ status: "stopped", mailed: stopped.mailed });
  expect(await listTold(ids[0] ?? newId("user"))).toEqual([]);
  expect((await stopAnnouncement(id, request())).mailed).toBe(stopped.mailed);
});

test("as a banner is closed by each for themselves, and stays in their list", async () => {
  const { ids, audience } = await aCrowd(2);
  const [ada = newId("user"), bob = newId("user")] = ids;
  const { id } = await sent(audience, 2, { mail: false });
  expect(await listTold(ada)).toMatchObject([
    { id, banner: true, read: false, title: { en: "A new upscaler" } },
  ]);
  await dismissBanner(ada, id);
  expect(await listTold(ada)).toMatchObject([{ banner: false, read: true }]);
  expect(await listTold(bob)).toMatchObject([{ banner: true, read: false }]);
  await markRead(bob, [id]);
  expect(await listTold(bob)).toMatchObject([{ banner: true, read: true }]);
  await expect(dismissBanner(newId("user"), id)).rejects.toEqual(refused("not_found"));
  expect(await mailsOf(id)).toEqual([]);
});

test("is shown from its beginning until its end", async () => {
  const { ids, audience } = await aCrowd(1);
  const [ada = newId("user")] = ids;
  const [past, future] = [new Date(Date.now() - 60_000), new Date(Date.now() + 3_600_000)];
  await sent(audience, 1, { mail: false, showsFrom: future });
  await expect(sent(audience, 1, { mail: false, showsUntil: past })).rejects.toEqual(
    refused("invalid_request"),
  );
  const over = await sent(audience, 1, { mail: false, showsUntil: future });
  await db().update(announcements).set({ showsUntil: past }).where(eq(announcements.id, over.id));
  expect(await listTold(ada)).toEqual([]);
  const { id } = await sent(audience, 1, { mail: false, showsFrom: past, showsUntil: future });
  expect(await listTold(ada)).toMatchObject([{ id }]);
});

test("is sent as it was seen, once, and is no draft afterwards", async () => {
  const { audience } = await aCrowd(2);
  const { id, updatedAt } = await saveDraft(usual, request());
  const changed = await changeDraft(id, { ...usual, titleEn: "Another" }, by);
  const seen = { updatedAt, people: 2 };
  await expect(sendAnnouncement(id, audience, seen, request())).rejects.toEqual(refused("draft_stale"));
  const now = { updatedAt: changed.updatedAt, people: 2 };
  const few = sendAnnouncement(id, audience, { ...now, people: 1 }, request());
  await expect(few).rejects.toEqual(refused("segment_changed"));
  const key = newId("request");
  await Promise.all([1, 2, 3].map(() => sendAnnouncement(id, audience, now, request(key))));
  expect(await db().$count(announcementPeople, eq(announcementPeople.announcementId, id))).toBe(2);
  await expect(sendAnnouncement(id, audience, now, request())).rejects.toEqual(refused("announcement_sent"));
  await expect(changeDraft(id, usual, by)).rejects.toEqual(refused("announcement_sent"));
  await expect(discardDraft(id, by)).rejects.toEqual(refused("announcement_sent"));
  expect(await db().$count(announcements, inArray(announcements.id, [id]))).toBe(1);
});
