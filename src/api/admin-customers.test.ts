import { eq, inArray, sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { seedPrices } from "#billing";
import { createKey } from "#identity";
import { findCustomer, readTimeline } from "#insight";
import { charge, grant, stopLedger } from "#ledger";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import {
  customers,
  invoices,
  mails,
  prices,
  refunds,
  runs,
  stripeEvents,
  subscriptions,
  users,
} from "#schema";
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
    await seedPrices();
    const [price] = await db().select().from(prices).where(eq(prices.kind, "plan")).limit(1);
    if (!price) throw new Error("no plan has a price");
    await db().insert(customers).values({ accountId, stripeId: "cus_Ada" });
    await db()
      .insert(subscriptions)
      .values({
        ...{ id: "sub_Ada", accountId, priceId: price.id, itemId: "si_1", status: "active" },
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

describe("filters of customers", () => {
  const start = new Date();
  let count = 0;

  /** Somebody with a subscription in this state, and what else the test says of them. */
  async function subscriber(
    status: string,
    { planId = "pro", ...given }: { planId?: string; flag?: "dispute"; paidCents?: number } = {},
  ): Promise<string> {
    const { user, accountId } = (await aUser("subscriber")).session;
    count += 1;
    const flag = given.flag && { flag: given.flag, flaggedAt: start };
    await db()
      .insert(customers)
      .values({ accountId, stripeId: `cus_filter${count}`, ...flag });
    const [price] = await db()
      .select()
      .from(prices)
      .where(eq(prices.lookupKey, `plan:${planId}:month:usd`));
    if (!price) throw new Error(`there is no price of ${planId}`);
    const id = `sub_filter${count}`;
    await db()
      .insert(subscriptions)
      .values({
        ...{ id, accountId, priceId: price.id, itemId: id, status },
        ...{ periodStart: start, periodEnd: start, createdAt: start },
      });
    if (given.paidCents !== undefined) {
      await db()
        .insert(invoices)
        .values({
          ...{ id: `in_filter${count}`, accountId, reason: "subscription", status: "paid", currency: "usd" },
          ...{ totalCents: given.paidCents, createdAt: start, paidAt: start },
        });
    }
    return user.id;
  }

  async function listed(query: string): Promise<string[]> {
    const answer = await get(`/customers?limit=100&${query}`);
    expect(answer.status).toBe(200);
    return (await answer.json()).data.map(({ id }: { id: string }) => id);
  }

  it("tell plan, subscription, flags, payment and balance apart, and come together", async () => {
    await seedPrices();
    const paying = await subscriber("active", { paidCents: 900 });
    const late = await subscriber("past_due", { planId: "premium", flag: "dispute", paidCents: 0 });
    const gone = await subscriber("canceled", { paidCents: 500 });
    const other = eve.session.user.id;
    expect(await listed("plan=pro&query=subscriber")).toEqual([paying]);
    expect(await listed("plan=premium")).toEqual([late]);
    expect(await listed("plan=enterprise")).toEqual([]);
    const free = await listed("plan=free");
    expect(free).toContain(gone);
    expect(free).toContain(other);
    expect(free).not.toContain(paying);
    expect(await listed("status=past_due")).toEqual([late]);
    expect(await listed("status=canceled")).toEqual([gone]);
    expect(await listed("flag=dispute")).toEqual([late]);
    expect(await listed("flag=past_due")).toEqual([late]);
    expect(await listed("flag=refund")).toEqual([]);
    await db().update(users).set({ suspendedAt: start }).where(eq(users.email, eve.session.user.email));
    expect(await listed("flag=suspended")).toEqual([other]);
    await db().update(users).set({ suspendedAt: null });
    expect(await listed("paid=yes")).toEqual([gone, paying]);
    const never = await listed("paid=no");
    expect([never.includes(late), never.includes(other), never.includes(gone)]).toEqual([true, true, false]);
    expect(await listed("paid=yes&plan=free")).toEqual([gone]);
    const poor = await listed("balanceBelow=96");
    expect([poor.includes(other), poor.includes(ada.session.user.id)]).toEqual([true, false]);
    expect(await listed("balanceBelow=97")).toContain(ada.session.user.id);
    expect((await get("/customers?balanceBelow=x")).status).toBe(422);
    const [row] = (await (await get("/customers?status=past_due")).json()).data;
    expect(row).toMatchObject({ plan: "premium", status: "past_due", flag: "dispute" });
    const csv = await (await get("/customers.csv?status=past_due")).text();
    expect(csv).toContain(",user,premium,past_due,dispute,no,");
  });

  it("page through people who signed up in the same moment", async () => {
    const people = await Promise.all(["a", "b", "c"].map(() => aUser("twin")));
    const ids = people.map(({ session }) => session.user.id);
    await db()
      .update(users)
      .set({ createdAt: sql`timestamptz '2025-03-01 10:00:00.123456Z'` })
      .where(inArray(users.id, ids));
    const paged: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const after: string = cursor && `&cursor=${cursor}`;
      const page = await (await get(`/customers?limit=1&to=2025-03-02T00:00:00.000Z${after}`)).json();
      paged.push(...page.data.map(({ id }: { id: string }) => id));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(ids.sort().reverse());
  });
});

describe("a customer's timeline", () => {
  it("has money, credits, runs, mails and sign-ins in one line of time, page by page without gap", async () => {
    const customer = await findCustomer(ada.session.user.id);
    if (!customer) throw new Error("no customer");
    await happen(customer.email);
    const { happenings, next } = await readTimeline(customer, { limit: 100 });
    expect(next).toBeNull();
    const kinds = new Set(happenings.map(({ what }) => what));
    expect([...kinds].sort()).toEqual(["entry", "mail", "money", "run", "signIn", "signUp"]);
    const paged: unknown[] = [];
    let before: Date | null | undefined;
    while (before !== null) {
      const page = await readTimeline(customer, { limit: 1, before: before ?? undefined });
      paged.push(...page.happenings);
      before = page.next;
    }
    expect(paged).toEqual(happenings);
    const money = await readTimeline(customer, { limit: 100, kind: "money" });
    expect(money.happenings).toMatchObject(
      ["refunded", "paid", "failed", "invoiced"].map((event) => ({ what: "money", money: { event } })),
    );
    expect(money.happenings[0]).toMatchObject({
      money: { id: "re_Ada", number: "TM-0008", amountCents: 300 },
    });
    const mailed = await readTimeline(customer, { limit: 100, kind: "mails" });
    expect(mailed.happenings).toMatchObject([{ what: "mail", mail: { kind: "receipt", status: "sent" } }]);
  });

  /** An invoice that is paid at the second attempt and in part paid back, and a mail. */
  async function happen(recipient: string): Promise<void> {
    const { accountId } = ada.session;
    const later = (seconds: number) => new Date(Date.now() + seconds * 1000);
    await db()
      .insert(invoices)
      .values({
        ...{ id: "in_Later", accountId, reason: "pack", status: "paid", number: "TM-0008", currency: "usd" },
        ...{ totalCents: 900, refundedCents: 300, createdAt: later(1), paidAt: later(3) },
      });
    await db()
      .insert(stripeEvents)
      .values({
        ...{ id: "evt_Ada", type: "invoice.payment_failed", stripeCustomerId: "cus_Ada" },
        ...{ objectId: "in_Later", livemode: false, createdAt: later(2) },
      });
    await db()
      .insert(refunds)
      .values({
        ...{ id: "re_Ada", invoiceId: "in_Later", accountId, amountCents: 300, currency: "usd" },
        ...{ status: "succeeded", createdAt: later(4) },
      });
    await db()
      .insert(mails)
      .values({
        ...{ id: newId("mail"), recipient, kind: "receipt", locale: "en", subject: "Your receipt" },
        ...{ html: "", text: "", status: "sent" },
      });
  }
});
