import { expect, it } from "vitest";
import { announcementTasks } from "#announcements";
import { runJobs, testDatabase } from "#test";
import { api } from "./app";
import { anOwner, aUser, type TestUser } from "./test-caller";

testDatabase();

async function send(who: TestUser, method: string, path: string, body?: object, key = "k1") {
  const headers = { ...who.headers, "content-type": "application/json", "idempotency-key": key };
  const answer = await api.request(`/api/v1${path}`, {
    ...{ method, headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: answer.status === 204 ? null : await answer.json() };
}

const words = { title: { en: "News", zh: "资讯" }, text: { en: "It is **here**.", zh: "**来了**。" } };
const draft = { ...words, banner: true, mail: true };
const reason = "the new upscaler";

it("is drafted, previewed, sent, read and closed by the customer, and stopped", async () => {
  const [owner, ada, eve] = [await anOwner(), await aUser("ada"), await aUser("eve")];
  const filter = { query: ada.session.user.email };
  const saved = await send(owner, "POST", "/admin/announcements", { ...draft, filter: {} }, "k0");
  expect(saved).toMatchObject({ status: 201, json: { status: "draft", banner: true } });
  const path = `/admin/announcements/${saved.json.id}`;
  const changed = await send(owner, "PUT", path, { ...draft, filter });
  expect((await send(owner, "POST", "/admin/announcements/preview", { filter })).json).toEqual({
    ...{ people: 1, mayMail: 1 },
  });
  expect((await send(ada, "GET", "/me/announcements")).json.unread).toBe(0);
  const stale = { updatedAt: saved.json.updatedAt, people: 1, reason };
  expect((await send(owner, "POST", `${path}/send`, stale)).json.code).toBe("draft_stale");
  const seen = { ...stale, updatedAt: changed.json.updatedAt };
  expect((await send(owner, "POST", `${path}/send`, seen, "k2")).json).toMatchObject({ status: "sending" });
  await runJobs(announcementTasks.system ?? {});
  expect((await send(owner, "GET", path)).json).toMatchObject({ status: "sent", mailed: 1, people: 1 });

  const news = await send(ada, "GET", "/me/announcements");
  expect(news.json).toMatchObject({ unread: 1, data: [{ ...words, banner: true, read: false }] });
  const { id } = saved.json;
  expect((await send(eve, "POST", `/me/announcements/${id}/dismiss`)).status).toBe(404);
  expect((await send(ada, "POST", "/me/announcements/read", { ids: [id, "none"] })).status).toBe(204);
  expect((await send(ada, "GET", "/me/announcements")).json).toMatchObject({ unread: 0 });
  expect((await send(ada, "POST", `/me/announcements/${id}/dismiss`)).status).toBe(204);
  expect((await send(ada, "GET", "/me/announcements")).json.data).toMatchObject([{ banner: false }]);

  expect((await send(owner, "POST", `${path}/stop`, { reason }, "k3")).json.status).toBe("stopped");
  expect((await send(ada, "GET", "/me/announcements")).json.data).toEqual([]);
  const log = await send(owner, "GET", `/admin/acts?object=${id}`);
  expect(log.json.data.map(({ action }: { action: string }) => action)).toEqual([
    ...["announcement.stop", "announcement.send", "announcement.change", "announcement.write"],
  ]);
  expect((await send(owner, "DELETE", path)).json.code).toBe("announcement_sent");
});

it("is one draft for one key, however often it is sent", async () => {
  const owner = await anOwner();
  const list = async () => (await send(owner, "GET", "/admin/announcements")).json.data;
  const save = (change: object) =>
    send(owner, "POST", "/admin/announcements", { ...draft, filter: {}, ...change });
  const before = await list();
  const [first, again] = await Promise.all([save({}), save({})]);
  expect(first).toMatchObject({ status: 201 });
  expect(again).toEqual(first);
  expect(await list()).toHaveLength(before.length + 1);
  expect((await save({ banner: false })).json.code).toBe("idempotency_conflict");
});

it("ends after it begins, and has words in both languages", async () => {
  const owner = await anOwner();
  const times = { showsFrom: "2090-02-01T00:00:00Z", showsUntil: "2090-01-01T00:00:00Z" };
  const wrong = [
    { ...draft, filter: {}, ...times },
    { ...draft, filter: {}, title: { en: "News", zh: " " } },
    { ...draft, filter: { plans: "pro" } },
  ];
  for (const body of wrong) {
    expect((await send(owner, "POST", "/admin/announcements", body)).status).toBe(422);
  }
});
