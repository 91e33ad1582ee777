import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { expireLots, openAccount, readBalance, reconcile, release, stopLedger, submit } from "#ledger";
import { type Id, newId } from "#platform/id";
import { enqueue } from "#platform/queue";
import { customers, entries, freeRefills, prices, subscriptions } from "#schema";
import { runJobs, testDatabase } from "#test";
import { refillFree } from "./refill";
import { carryDue, carryLater } from "./rollover";
import { creditTasks } from "./tasks";

const { db } = testDatabase();
const zone = process.env.TZ;

// Neither the server's zone nor the database's may move a boundary.
beforeAll(async () => {
  process.env.TZ = "America/New_York";
  const { rows } = await db().execute<{ name: string }>(sql`select current_database() as name`);
  await db().execute(sql.raw(`alter database ${rows[0]?.name} set timezone to 'Asia/Shanghai'`));
  await db().execute(sql`set timezone to 'Asia/Shanghai'`);
});
afterAll(async () => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
  await stopLedger();
});
beforeEach(async () => {
  await db().delete(freeRefills);
});

async function itIs(time: string): Promise<void> {
  await db().execute(sql`update money_clock set shift = ${time}::timestamptz - clock_timestamp()`);
}

async function anAccount(): Promise<Id<"account">> {
  return db().transaction((tx) => openAccount(tx, { ownerType: "user", ownerId: newId("user") }));
}

/** Somebody whose address was confirmed then, welcome credits and all. */
async function confirmedAt(time: string): Promise<Id<"account">> {
  const accountId = await anAccount();
  await enqueue(db(), "credits.beginFree", { accountId, at: new Date(time).toISOString() });
  await runJobs(creditTasks.system ?? {});
  return accountId;
}

async function spend(accountId: Id<"account">, credits: bigint): Promise<void> {
  await submit({ verb: "charge", accountId, key: newId("request"), credits, cause: "tool:ocr" });
}

const available = async (accountId: Id<"account">) => (await readBalance(db(), accountId)).available;

/** What was issued to the account: cause, credits and the lot's expiry. */
async function issued(accountId: Id<"account">): Promise<string[]> {
  const { rows } = await db().execute<{ line: string }>(sql`
    select e.cause || ' ' || e.credits || ' until ' ||
      to_char(g.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI') as line
    from entries e join grants g on g.account_id = e.account_id and g.id = e.grant_id
    where e.account_id = ${accountId} and e.kind = 'issued' order by e.seq`);
  return rows.map(({ line }) => line);
}

describe("Free's credits", () => {
  test("come a month after the address was confirmed, to the minute, and then every month", async () => {
    const accountId = await confirmedAt("2027-01-31T09:30:00Z");
    await itIs("2027-02-28T09:29:50Z");
    expect(await refillFree()).toEqual({ settled: 0, done: true });
    await itIs("2027-02-28T09:30:00Z");
    expect((await refillFree()).settled).toBe(1);
    expect(await issued(accountId)).toEqual(["free 50 until 2027-03-31T09:30"]);
    await itIs("2027-03-31T09:30:00Z");
    expect((await refillFree()).settled).toBe(1);
    expect((await issued(accountId)).at(-1)).toBe("free 50 until 2027-04-30T09:30");
  });

  test("follow the anchor over a leap day, and find the month's last day again", async () => {
    const accountId = await confirmedAt("2027-12-31T23:59:59Z");
    for (const time of ["2028-01-31", "2028-02-29", "2028-03-31"]) {
      await itIs(`${time}T23:59:59Z`);
      await spend(accountId, await available(accountId)).catch(() => undefined);
      await refillFree();
    }
    expect((await issued(accountId)).filter((line) => line.startsWith("free"))).toEqual([
      "free 50 until 2028-02-29T23:59",
      "free 50 until 2028-03-31T23:59",
      "free 50 until 2028-04-30T23:59",
    ]);
  });

  test("that are left over are carried into the next month, up to the cap, and never more", async () => {
    const accountId = await confirmedAt("2028-05-10T12:00:00Z");
    await itIs("2028-06-10T12:00:00Z");
    await refillFree();
    await spend(accountId, 20n);
    await itIs("2028-07-10T12:00:00Z");
    await refillFree();
    expect(await available(accountId)).toBe(30n + 50n);
    await itIs("2028-08-10T12:00:00Z");
    await refillFree();
    expect(await available(accountId)).toBe(50n + 50n);
    expect((await issued(accountId)).slice(-2)).toEqual([
      "rollover 50 until 2028-09-10T12:00",
      "free 50 until 2028-09-10T12:00",
    ]);
  });

  test("are granted once by many passes at the same time", async () => {
    const accounts: Id<"account">[] = [];
    for (let i = 0; i < 7; i++) accounts.push(await confirmedAt("2028-08-11T00:00:00Z"));
    await itIs("2028-09-11T00:00:00Z");
    const passes = await Promise.all([1, 2, 3, 4].map(() => refillFree({ batchSize: 3 })));
    expect(passes.every(({ done }) => done)).toBe(true);
    expect(passes.reduce((sum, { settled }) => sum + settled, 0)).toBe(7);
    for (const accountId of accounts) expect(await available(accountId)).toBe(50n);
    expect((await refillFree()).settled).toBe(0);
  });

  test("are gone on with by the next pass when one is stopped", async () => {
    for (let i = 0; i < 5; i++) await confirmedAt("2028-09-12T00:00:00Z");
    await itIs("2028-10-12T00:00:00Z");
    const stop = new AbortController();
    const first = refillFree({ batchSize: 2, signal: stop.signal });
    stop.abort();
    expect(await first).toEqual({ settled: 2, done: false });
    expect(await refillFree({ batchSize: 2 })).toEqual({ settled: 3, done: true });
  });

  test("of months that were missed do not come later, but what was left is carried all the same", async () => {
    const accountId = await confirmedAt("2028-10-13T00:00:00Z");
    await itIs("2028-11-13T00:00:00Z");
    await refillFree();
    await spend(accountId, 10n);
    await itIs("2029-02-20T00:00:00Z");
    await refillFree();
    expect((await issued(accountId)).slice(1)).toEqual([
      "rollover 40 until 2029-03-13T00:00",
      "free 50 until 2029-03-13T00:00",
    ]);
  });

  test("do not come while a plan is paid for, and come again once it has ended", async () => {
    const accountId = await confirmedAt("2029-01-15T00:00:00Z");
    const period = { periodStart: new Date(0), periodEnd: new Date("2030-01-01T00:00:00Z") };
    const priceId = newId("price");
    const plan = { planId: "pro", interval: "month", entitlements: {}, credits: 1_000n } as const;
    const price = { currency: "usd", amountCents: 1_900, lookupKey: "plan:pro:month:usd" } as const;
    await db()
      .insert(prices)
      .values({ id: priceId, kind: "plan", ...plan, ...price });
    await db().insert(customers).values({ accountId });
    await db()
      .insert(subscriptions)
      .values({
        ...{ id: "sub_1", accountId, priceId, itemId: "si_1", status: "active" },
        ...{ ...period, createdAt: new Date(0) },
      });
    await itIs("2029-02-15T00:00:00Z");
    expect(await refillFree()).toEqual({ settled: 0, done: true });
    expect(await available(accountId)).toBe(0n);
    await db().update(subscriptions).set({ status: "canceled" });
    await itIs("2029-02-16T00:00:00Z");
    expect((await refillFree()).settled).toBe(0);
    await itIs("2029-03-15T00:00:00Z");
    expect((await refillFree()).settled).toBe(1);
    expect(await available(accountId)).toBe(50n);
  });

  test("of others come although one account's books are broken", async () => {
    const broken = await confirmedAt("2029-01-21T00:00:00Z");
    const sound = await confirmedAt("2029-01-21T00:00:01Z");
    await itIs("2029-02-21T00:00:01Z");
    await db().execute(sql`update accounts set available = available + 1 where id = ${broken}`);
    expect((await refillFree({ batchSize: 1 })).settled).toBe(1);
    expect(await available(sound)).toBe(50n);
    await db().execute(sql`update accounts set available = available - 1 where id = ${broken}`);
    expect((await refillFree()).settled).toBe(1);
  });
});

describe("what a paid period leaves", () => {
  async function aPeriod(end: string) {
    const accountId = await anAccount();
    const lot = { verb: "grant", accountId, expiresAt: new Date(end) } as const;
    await submit({ ...lot, key: "plan", credits: 1_000n, source: "plan", cause: "plan" });
    await submit({ ...lot, key: "pack", credits: 500n, source: "pack", cause: "pack" });
    const later = (most: bigint) =>
      db().transaction((tx) =>
        carryLater(tx, {
          ...{ accountId, most, endedAt: new Date(end), expiresAt: new Date("2029-05-01T06:00:00Z") },
        }),
      );
    return { accountId, later };
  }

  test("is carried once its lots have expired, however much of that was booked; packs are not", async () => {
    await itIs("2029-03-20T00:00:00Z");
    const { accountId, later } = await aPeriod("2029-04-01T06:00:00Z");
    await later(300n);
    await later(600n);
    await itIs("2029-04-01T05:59:50Z");
    expect((await carryDue()).settled).toBe(0);
    expect(await available(accountId)).toBe(1_500n);
    await itIs("2029-04-01T06:00:00Z");
    await expireLots();
    const passes = await Promise.all([carryDue(), carryDue(), carryDue()]);
    expect(passes.reduce((sum, { settled }) => sum + settled, 0)).toBe(1);
    await carryDue();
    expect(await available(accountId)).toBe(600n);
    expect((await issued(accountId)).at(-1)).toBe("rollover 600 until 2029-05-01T06:00");
  });

  test("does not include what a run still holds, and does not come again when that returns", async () => {
    await itIs("2029-04-02T00:00:00Z");
    const { accountId, later } = await aPeriod("2029-04-03T00:00:00Z");
    const hold = { verb: "hold", accountId, key: "hold", credits: 900n, cause: "tool:ocr" } as const;
    const { holdId } = await submit({ ...hold, lifetimeSeconds: 7 * 86_400 });
    await later(1_000n);
    await itIs("2029-04-03T00:00:00Z");
    await carryDue();
    expect(await available(accountId)).toBe(100n);
    if (!holdId) throw new Error("no hold");
    await release({ accountId, key: "release", holdId, cause: "tool:ocr" });
    await later(1_000n);
    await carryDue();
    expect(await readBalance(db(), accountId)).toMatchObject({ available: 100n, held: 0n });
  });

  test("leaves the books right", async () => {
    expect(await reconcile(db())).toEqual([]);
    expect((await db().select().from(entries).where(eq(entries.cause, "rollover"))).length).toBeGreaterThan(
      4,
    );
  });
});

test("however many months are due, a batch is found by reading no more than its part of the index", async () => {
  const asked = vi.spyOn(db(), "execute");
  await refillFree();
  const [query] = asked.mock.calls[0] ?? [];
  asked.mockRestore();
  if (typeof query !== "object") throw new Error("nothing was asked");
  const plan = await db().transaction(async (tx) => {
    // As in a table of a million rows.
    await tx.execute(sql`set local enable_seqscan = off; set local enable_bitmapscan = off`);
    const { rows } = await tx.execute<{ "QUERY PLAN": string }>(sql`explain ${query}`);
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  });
  expect(plan).toContain("Index Scan using free_refills_due");
  expect(plan).not.toContain("Sort");
});
