import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { createKey } from "#identity";
import { findCustomer, readTimeline } from "#insight";
import { charge, grant, stopLedger } from "#ledger";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { customers, invoices, runs, subscriptions, users } from "#schema";
import { testDatabase } from "#test";
import { api } from "./app";
import { aUser, type TestUser } from "./test-caller";

testDatabase();

let support: TestUser;
let ada: TestUser;
let eve: TestUser;

beforeAll(async () => {
  support = await aUser("support");
  await db().update(users).set({ role: "support" }).where(eq(users.id, support.session.user.id));
  ada = await aUser("ada");
  eve = await aUser("eve");
  await db().update(users).set({ name: "Ada 100%_Lovelace" }).where(eq(users.id, ada.session.user.id));
  await db().update(users).set({ emailVerified: false }).where(eq(users.id, eve.session.user.id));
  const { accountId } = ada.session;
  await grant({ accountId, key: "w", credits: 100n, source: "signup", expiresAt: null, cause: "welcome" });
  await charge({ accountId, key: "c", credits: 4n, cause: "tool:ocr" });
  return stopLedger;
});

function get(path: string): Promise<Response> {
  return Promise.resolve(api.request(`/api/v1/admin${path}`, { headers: support.headers }));
}

/** The ids of whom a query finds. */
async function find(query: string): Promise<string[]> {
  const answer = await get(`/customers?query=${encodeURIComponent(query)}`);
  expect(answer.status).toBe(200);
  return (await answer.json()).data.map(({ id }: { id: string }) => id);
}

describe("customers", () => {
  it("are found by mail, name, id, account, run and key", async () => {
    const { user, accountId } = ada.session;
    const runId = newId("run");
    await db()
      .insert(runs)
      .values({
        ...{ id: runId, accountId, tool: "ocr", input: {}, idempotencyKey: "r", inputHash: "r" },
        expiresAt: new Date(Date.now() + 60_000),
      });
    const by = { id: user.id, role: user.role, address: null, requestId: null };
    const made = await createKey(
      ada.session,
      { kind: "own", name: "mine", scopes: ["credits.read"], cap: null, expiresAt: null },
      { by },
    );
    const known = [
      user.email,
      user.email.toUpperCase().slice(0, 8),
      "ada 100%",
      user.id,
      accountId,
      runId,
      made.key.id,
      made.secret,
      made.key.hint,
      ` ${user.email} `,
    ];
    for (const text of known) expect({ [text]: await find(text) }).toEqual({ [text]: [user.id] });
    for (const text of ["nobody@example.com", newId("user"), newId("run"), "tm_test_none", "ada_100", "%"]) {
      expect({ [text]: await find(text) }).toEqual({ [text]: [] });
    }
  });

  it("are found by what Stripe calls them and theirs, and by an invoice's number", async () => {
    const { user, accountId } = ada.session;
    const start = new Date();
    await db().insert(customers).values({ accountId, stripeId: "cus_Ada" });
    await db()
      .insert(subscriptions)
      .values({
        ...{ id: "sub_Ada", accountId, priceId: newId("price"), itemId: "si_1", status: "active" },
        ...{ periodStart: start, periodEnd: start, createdAt: start },
      });
    await db()
      .insert(invoices)
      .values({
        ...{ id: "in_Ada", accountId, reason: "pack", status: "open", number: "TM-0007", currency: "usd" },
        ...{ totalCents: 900, createdAt: start },
      });
    for (const text of ["cus_Ada", "sub_Ada", "in_Ada", "TM-0007", "tm-0007"]) {
      expect({ [text]: await find(text) }).toEqual({ [text]: [user.id] });
    }
    for (const text of ["cus_ada", "sub_A", "in_none", "cs_none", "TM-0008", "TM-000"]) {
      expect({ [text]: await find(text) }).toEqual({ [text]: [] });
    }
  });

  it("come newest first, page by page, with what they can spend", async () => {
    const all = (await (await get("/customers?limit=100")).json()).data;
    expect(all.map(({ id }: { id: string }) => id)).toEqual([
      ...[eve, ada, support].map(({ session }) => session.user.id),
    ]);
    expect(all[1]).toMatchObject({ available: 96, held: 0, emailVerified: true });
    const first = await (await get("/customers?limit=1")).json();
    const rest = await (await get(`/customers?limit=100&cursor=${first.nextCursor}`)).json();
    expect([...first.data, ...rest.data]).toEqual(all);
    expect((await get("/customers?cursor=x")).status).toBe(422);
  });

  it("are filtered by confirmation and day, and come as CSV", async () => {
    const open = await (await get("/customers?verified=no")).json();
    expect(open.data).toMatchObject([{ id: eve.session.user.id }]);
    const later = new Date(Date.now() + 60_000).toISOString();
    expect((await (await get(`/customers?from=${later}`)).json()).data).toEqual([]);
    const lines = (await (await get("/customers.csv?verified=yes")).text()).trim().split("\r\n");
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain(`${ada.session.user.email},yes,user`);
    expect(lines[1]).toMatch(/,96,0$/);
  });
});

describe("a customer's timeline", () => {
  it("has credits, runs and sign-ins in one line of time, page by page without gap", async () => {
    const customer = await findCustomer(ada.session.user.id);
    if (!customer) throw new Error("no customer");
    const { happenings, next } = await readTimeline(customer, { limit: 100 });
    expect(next).toBeNull();
    const kinds = new Set(happenings.map(({ what }) => what));
    expect([...kinds].sort()).toEqual(["entry", "run", "signIn", "signUp"]);
    const paged: unknown[] = [];
    let before: Date | null | undefined;
    while (before !== null) {
      const page = await readTimeline(customer, { limit: 1, before: before ?? undefined });
      paged.push(...page.happenings);
      before = page.next;
    }
    expect(paged).toEqual(happenings);
  });
});
