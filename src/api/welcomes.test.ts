import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { acts, signUps, users } from "#schema";
import { testDatabase } from "#test";
import { api } from "./app";
import { anOwner, aUser, type TestUser } from "./test-caller";
import { balanceOf, refused } from "./test-tools";

const { db } = testDatabase();

let owner: TestUser;

beforeAll(async () => {
  owner = await anOwner();
});
beforeEach(async () => {
  await db().delete(signUps);
});
afterAll(async () => {
  await announced();
  await stopLedger();
});

function send(user: TestUser, method: string, path: string, body?: object): Promise<Response> {
  const headers = { ...user.headers, "content-type": "application/json" };
  return Promise.resolve(
    api.request(`/api/v1/admin/welcomes${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    }),
  );
}

/** Somebody whose welcome waits, from one network with the others. */
async function aWaiting(name: string): Promise<TestUser> {
  const user = await aUser(name);
  const { id: userId } = user.session.user;
  await db()
    .insert(signUps)
    .values({
      ...{ userId, network: "n", mailbox: name, domain: "example.com", signals: ["network"] },
      ...{ welcome: "waiting", judgedAt: sql`date_trunc('milliseconds', clock_timestamp())` },
    });
  return user;
}

const idOf = ({ session }: TestUser) => session.user.id;
const list = async (query = "") => (await send(owner, "GET", query)).json();
const decide = (people: readonly TestUser[], decision: string, by = owner) =>
  send(by, "POST", "/decide", { users: people.map(idOf), decision, reason: "we know them" });

describe("welcomes that wait", () => {
  it("are listed a page at a time with why and who else, and counted on the overview", async () => {
    const people = [await aWaiting("ann"), await aWaiting("bob"), await aWaiting("cyd")];
    const first = await list("?limit=2");
    expect(first.data).toMatchObject([
      { id: idOf(people[0] ?? owner), signals: ["network"], sameNetwork: 2, welcome: "waiting" },
      { id: idOf(people[1] ?? owner) },
    ]);
    const second = await list(`?limit=2&cursor=${first.nextCursor}`);
    expect(second).toMatchObject({ data: [{ id: idOf(people[2] ?? owner) }], nextCursor: null });
    const needs = await api.request("/api/v1/admin/overview/needs", { headers: owner.headers });
    const { data } = await needs.json();
    expect(data.find(({ name }: { name: string }) => name === "welcomes").found.count).toBe(3);
  });

  it("are given many at once, each once, with a line in the log for each", async () => {
    const people = [await aWaiting("ann"), await aWaiting("bob"), await aUser("never")];
    expect(await (await decide(people, "given")).json()).toEqual({ decided: 2, skipped: 1 });
    expect(await (await decide(people, "given")).json()).toEqual({ decided: 0, skipped: 3 });
    expect(await Promise.all(people.map(balanceOf))).toEqual([
      [100, 0],
      [100, 0],
      [0, 0],
    ]);
    expect(await db().$count(acts, eq(acts.action, "welcome.decide"))).toBe(2);
    expect((await list("?state=given")).data).toHaveLength(2);
    expect((await list()).data).toEqual([]);
  });

  it("are decided by whoever may, support only reads", async () => {
    const ann = await aWaiting("ann");
    const support = await aUser("support");
    await db()
      .update(users)
      .set({ role: "support" })
      .where(eq(users.id, idOf(support)));
    expect((await send(support, "GET", "")).status).toBe(200);
    expect(await refused(decide([ann], "refused", support))).toEqual([403, "forbidden"]);
    expect(await (await decide([ann], "refused")).json()).toEqual({ decided: 1, skipped: 0 });
    expect(await balanceOf(ann)).toEqual([0, 0]);
  });
});

it("the rules are read and changed, and what makes no sense is refused", async () => {
  const rules = await (await send(owner, "GET", "/rules")).json();
  expect(rules).toMatchObject({ perNetwork: 3, perDomain: 10, version: 0 });
  const wish = { ...rules, perNetwork: 5, reason: "a school signs up" };
  expect(await (await send(owner, "PUT", "/rules", wish)).json()).toMatchObject({
    perNetwork: 5,
    version: 1,
  });
  expect(await refused(send(owner, "PUT", "/rules", wish))).toEqual([409, "draft_stale"]);
  expect(await refused(send(owner, "PUT", "/rules", { ...wish, perDomain: 0 }))).toEqual([
    422,
    "invalid_request",
  ]);
});
