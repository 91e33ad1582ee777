import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import type { Role } from "#identity";
import { db } from "#platform/db";
import { customerNotes, users } from "#schema";
import { testDatabase } from "#test";
import { api } from "./app";
import { aUser, type TestUser } from "./test-caller";

testDatabase();

let support: TestUser;
let admin: TestUser;
let analyst: TestUser;
let ada: TestUser;

beforeAll(async () => {
  [support, admin, analyst] = [await aMember("support"), await aMember("admin"), await aMember("analyst")];
  ada = await aUser("ada");
});

async function aMember(role: Role): Promise<TestUser> {
  const member = await aUser(role);
  await db().update(users).set({ role }).where(eq(users.id, member.session.user.id));
  return member;
}

function send(by: TestUser, method: string, path: string, body?: object): Promise<Response> {
  const headers = { ...by.headers, "content-type": "application/json" };
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  return Promise.resolve(api.request(`/api/v1/admin${path}`, init));
}

const notesOf = (user: TestUser) => `/customers/${user.session.user.id}/notes`;

async function write(by: TestUser, text: string, about: TestUser = ada): Promise<{ id: string }> {
  const answer = await send(by, "POST", notesOf(about), { text });
  expect(answer.status).toBe(201);
  return answer.json();
}

async function texts(query = ""): Promise<string[]> {
  const { data } = await (await send(admin, "GET", `${notesOf(ada)}${query}`)).json();
  return data.map(({ text }: { text: string }) => text);
}

describe("notes about a customer", () => {
  it("are written by support, read by everybody who sees customers, and told in the audit log without their text", async () => {
    const answer = await send(support, "POST", notesOf(ada), { text: "  Pays by bank transfer " });
    const note = await answer.json();
    expect(note).toMatchObject({
      text: "Pays by bank transfer",
      authorName: "support",
      pinned: false,
      mine: true,
    });
    const seen = await (await send(admin, "GET", notesOf(ada))).json();
    expect(seen.data).toMatchObject([{ id: note.id, mine: false, authorName: "support", editedAt: null }]);
    const log = await (await send(admin, "GET", `/acts?object=${note.id}`)).json();
    expect(log.data).toMatchObject([{ action: "note.write", customerId: ada.session.user.id }]);
    expect(JSON.stringify(log)).not.toContain("transfer");
    expect((await send(analyst, "POST", notesOf(ada), { text: "x" })).status).toBe(403);
    expect((await send(analyst, "GET", notesOf(ada))).status).toBe(403);
    expect((await send(ada, "GET", notesOf(ada))).status).toBe(404);
  });

  it("are changed and deleted by their author alone; a pin is anybody's who writes notes", async () => {
    const { id } = await write(support, "first");
    expect((await send(admin, "PATCH", `/notes/${id}`, { text: "mine now" })).status).toBe(403);
    expect((await send(admin, "DELETE", `/notes/${id}`)).status).toBe(403);
    const pinned = await (await send(admin, "PATCH", `/notes/${id}`, { pinned: true })).json();
    expect(pinned).toMatchObject({ text: "first", pinned: true, editedAt: null });
    const edited = await (await send(support, "PATCH", `/notes/${id}`, { text: "second" })).json();
    expect(edited).toMatchObject({ text: "second", pinned: true });
    expect(edited.editedAt).not.toBeNull();
    expect((await send(support, "DELETE", `/notes/${id}`)).status).toBe(204);
    expect((await send(support, "DELETE", `/notes/${id}`)).status).toBe(404);
    expect(await texts()).not.toContain("second");
    const log = await (await send(admin, "GET", `/acts?object=${id}&action=note`)).json();
    expect(log.data.map(({ action }: { action: string }) => action)).toEqual([
      ...["note.delete", "note.change", "note.change", "note.write"],
    ]);
  });

  it("stand pinned first, then newest, page by page", async () => {
    await db().delete(customerNotes);
    const { id } = await write(support, "one");
    for (const text of ["two", "three"]) await write(support, text);
    await send(support, "PATCH", `/notes/${id}`, { pinned: true });
    expect(await texts()).toEqual(["one", "three", "two"]);
    const first = await (await send(admin, "GET", `${notesOf(ada)}?limit=2`)).json();
    expect(await texts(`?limit=2&cursor=${first.nextCursor}`)).toEqual(["two"]);
    expect((await send(admin, "GET", `${notesOf(ada)}?cursor=x`)).status).toBe(422);
  });

  it("go with their customer, and stay when their author goes", async () => {
    const [eve, bob] = [await aUser("eve"), await aMember("support")];
    await write(bob, "about eve", eve);
    await db().delete(users).where(eq(users.id, bob.session.user.id));
    const { data } = await (await send(admin, "GET", notesOf(eve))).json();
    expect(data).toMatchObject([{ text: "about eve", authorId: null, authorName: null }]);
    await db().delete(users).where(eq(users.id, eve.session.user.id));
    const left = await db().select().from(customerNotes).where(eq(customerNotes.text, "about eve"));
    expect(left).toEqual([]);
  });
});

describe("saved views", () => {
  const filter = { status: "past_due", q: "ada" };

  it("are a member's own until they are shared; only their owner changes them", async () => {
    const answer = await send(support, "POST", "/customer-views", { name: "Late", filter });
    expect(answer.status).toBe(201);
    const { id } = await answer.json();
    const seenBy = async (who: TestUser) => (await (await send(who, "GET", "/customer-views")).json()).data;
    expect(await seenBy(support)).toMatchObject([{ id, name: "Late", filter, shared: false, mine: true }]);
    expect(await seenBy(admin)).toEqual([]);
    await send(support, "PATCH", `/customer-views/${id}`, { name: "Late payers", shared: true });
    expect(await seenBy(admin)).toMatchObject([
      { id, name: "Late payers", mine: false, ownerName: "support" },
    ]);
    expect((await send(admin, "PATCH", `/customer-views/${id}`, { name: "Mine" })).status).toBe(404);
    expect((await send(admin, "DELETE", `/customer-views/${id}`)).status).toBe(404);
    expect((await send(analyst, "GET", "/customer-views")).status).toBe(403);
    expect((await send(support, "DELETE", `/customer-views/${id}`)).status).toBe(204);
    expect(await seenBy(admin)).toEqual([]);
  });

  it("have a name of their own for each member", async () => {
    const save = (by: TestUser, name: string) => send(by, "POST", "/customer-views", { name, filter });
    const { id } = await (await save(support, "New")).json();
    const again = await save(support, "new");
    expect(again.status).toBe(422);
    expect((await again.json()).errors).toMatchObject([{ path: "name" }]);
    expect((await save(admin, "New")).status).toBe(201);
    expect((await save(support, "Old")).status).toBe(201);
    expect((await send(support, "PATCH", `/customer-views/${id}`, { name: "OLD" })).status).toBe(422);
    expect((await send(support, "PATCH", `/customer-views/${id}`, { name: "NEW" })).status).toBe(200);
    expect((await save(support, " ")).status).toBe(422);
  });
});
