import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { carryDue, carryLater } from "#credits";
import {
  type AccountId,
  applyCommands,
  type Command,
  type GrantId,
  openAccount,
  type Source,
  stopLedger,
} from "#ledger";
import { newId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { lotPayments } from "#schema";
import { testDatabase } from "#test";
import { readMoney, revenueByMonth } from "./money";

const { db } = testDatabase();
afterAll(stopLedger);

const sources = ["signup", "plan", "pack", "top-up", "promo", "referral", "adjustment"] as const;

type Step =
  | { does: "grant"; account: number; source: Source; credits: number; days: number | null; paid: number }
  | { does: "charge"; account: number; credits: number }
  | { does: "reverse"; account: number; lot: number; credits: number }
  | { does: "wait"; days: number };

const account = fc.nat({ max: 2 });
const credits = fc.integer({ min: 1, max: 997 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    does: fc.constant("grant" as const),
    account,
    source: fc.constantFrom(...sources),
    credits,
    days: fc.option(fc.integer({ min: 1, max: 90 })),
    paid: fc.nat({ max: 9_999 }),
  }),
  fc.record({ does: fc.constant("charge" as const), account, credits }),
  fc.record({ does: fc.constant("reverse" as const), account, lot: fc.nat({ max: 5 }), credits }),
  fc.record({ does: fc.constant("wait" as const), days: fc.integer({ min: 1, max: 45 }) }),
);

/** Plays steps on three new accounts; what the ledger refuses changes nothing. */
async function play(steps: readonly Step[]): Promise<void> {
  const opened = await Promise.all([0, 1, 2].map(() => db().transaction((tx) => open(tx))));
  const lots = new Map<AccountId, GrantId[]>();
  for (const one of steps) {
    if (one.does === "wait") {
      await db().execute(sql`update money_clock set shift = shift + make_interval(days => ${one.days})`);
      continue;
    }
    const accountId = opened[one.account];
    if (!accountId) throw new Error("no such account");
    const known = lots.get(accountId) ?? [];
    const base = { accountId, key: newId("request"), credits: BigInt(one.credits), cause: "test" };
    if (one.does === "charge") await apply({ verb: "charge", ...base });
    else if (one.does === "reverse") {
      const grantId = known[one.lot];
      if (grantId) await apply({ verb: "reverse", ...base, grantId });
    } else {
      const grantId = newId("grant");
      const expiresAt = one.days === null ? null : await moneyDaysFromNow(one.days);
      await apply({ verb: "grant", ...base, grantId, source: one.source, expiresAt });
      lots.set(accountId, [...known, grantId]);
      if (["plan", "pack", "top-up"].includes(one.source)) {
        const currency = one.source === "pack" ? "EUR" : "USD";
        await db()
          .insert(lotPayments)
          .values({ accountId, grantId, currency, amount: BigInt(one.paid) });
      }
    }
  }
}

type Tx = Parameters<typeof openAccount>[0];
const open = (tx: Tx) => openAccount(tx, { ownerType: "user", ownerId: newId("user") });

async function apply(command: Command): Promise<void> {
  try {
    await db().transaction((tx) => applyCommands(tx, [command]));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

async function moneyDaysFromNow(days: number): Promise<Date> {
  const { rows } = await db().execute<{ at: string }>(
    sql`select money_now() + make_interval(days => ${days}) as at`,
  );
  return new Date(rows[0]?.at ?? "");
}

/** What the ledger's own rows say, without months, lots' prices or sources between. */
async function ledgerTotals(): Promise<Record<string, number>> {
  const { rows } = await db().execute<Record<string, number>>(sql`
    select (select coalesce(sum(available + held), 0) from accounts)::float8 as outstanding,
      ${sql.raw(
        ["issued", "consumed", "expired", "reversed"]
          .map(
            (kind) =>
              `(select coalesce(abs(sum(credits)), 0) from entries where kind = '${kind}')::float8 as ${kind}`,
          )
          .join(", "),
      )}`);
  return rows[0] ?? {};
}

const total = <T>(rows: readonly T[], read: (row: T) => number) =>
  rows.reduce((sum, row) => sum + read(row), 0);

test("whatever happened, the money view adds up with the ledger, credits and cents", {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      await play(steps);
      const { moved, owed, revenue } = await readMoney(db());
      const ledger = await ledgerTotals();
      for (const kind of ["issued", "consumed", "expired", "reversed"] as const) {
        const of = (row: (typeof moved)[number]) => row[kind] + (kind === "issued" ? row.carried : 0);
        expect(total(moved, of), kind).toBe(ledger[kind]);
      }
      expect(total(owed, (row) => row.credits)).toBe(ledger.outstanding);
      expect(
        total(moved, (row) => row.issued + row.carried - row.consumed - row.expired - row.reversed),
      ).toBe(ledger.outstanding);
      for (const currency of ["USD", "EUR"]) {
        const months = revenue.filter((row) => row.currency === currency);
        const gone = total(months, (row) => row.consumed + row.expired + row.reversed);
        const last = months.at(-1)?.deferred ?? 0;
        expect(total(months, (row) => row.sold + row.carried) - gone).toBe(last);
        // Each running total and each group owed is rounded by itself, at most half a cent.
        const owing = owed.filter((row) => row.currency === currency);
        expect(Math.abs(total(owing, (row) => row.amount) - last)).toBeLessThanOrEqual(2 + owing.length / 2);
      }
    }),
    { numRuns: 12 },
  );
});

test("a pack sold for $9 is earned as it is used, and what expires is earned then", () => {
  const usd = (month: string, kind: "issued" | "consumed" | "expired" | "reversed", cents: number) => ({
    ...{ currency: "USD", month, kind },
    total: cents,
  });
  expect(
    revenueByMonth([
      usd("2026-01", "issued", 900),
      usd("2026-01", "consumed", 333),
      usd("2026-02", "consumed", 667),
      usd("2026-03", "expired", 233),
    ]),
  ).toEqual([
    {
      currency: "USD",
      month: "2026-01",
      sold: 900,
      carried: 0,
      consumed: 333,
      expired: 0,
      reversed: 0,
      deferred: 567,
    },
    {
      currency: "USD",
      month: "2026-02",
      sold: 0,
      carried: 0,
      consumed: 334,
      expired: 0,
      reversed: 0,
      deferred: 233,
    },
    {
      currency: "USD",
      month: "2026-03",
      sold: 0,
      carried: 0,
      consumed: 0,
      expired: 233,
      reversed: 0,
      deferred: 0,
    },
  ]);
});

describe("credits that are carried over", () => {
  test("are neither sold nor given anew, and what was paid for them stays deferred until they are used", async () => {
    const before = await readMoney(db());
    const accountId = await db().transaction((tx) => open(tx));
    const [endedAt, expiresAt] = [await moneyDaysFromNow(30), await moneyDaysFromNow(60)];
    const lots = { paid: newId("grant"), free: newId("grant") };
    const base = { accountId, cause: "test", source: "plan", expiresAt: endedAt } as const;
    await apply({ verb: "grant", ...base, key: "paid", credits: 100n, grantId: lots.paid });
    await apply({ verb: "grant", ...base, key: "free", credits: 100n, grantId: lots.free });
    await db().insert(lotPayments).values({ accountId, grantId: lots.paid, currency: "GBP", amount: 1_000n });
    await apply({ verb: "charge", accountId, key: "c", credits: 40n, cause: "test" });
    await db().transaction((tx) => carryLater(tx, { accountId, endedAt, most: 80n, expiresAt }));
    await db().execute(sql`update money_clock set shift = shift + interval '30 days'`);
    // Whoever is stopped in between carries again, and nothing doubles.
    await carryDue();
    await db().transaction((tx) => carryLater(tx, { accountId, endedAt, most: 80n, expiresAt }));
    await carryDue();
    const { moved, owed, revenue } = await readMoney(db());
    const added = (name: "issued" | "sold" | "carried" | "consumed" | "expired") =>
      total(moved, (row) => row[name]) - total(before.moved, (row) => row[name]);
    // 160 of 200 were left and expired; 80 of them went on.
    expect((["issued", "sold", "carried", "consumed", "expired"] as const).map(added)).toEqual([
      200, 100, 80, 40, 160,
    ]);
    const pounds = revenue.filter(({ currency }) => currency === "GBP");
    expect(total(pounds, ({ sold }) => sold)).toBe(1_000);
    const spentOfPaid = total(pounds, ({ consumed }) => consumed);
    // The paid lot lost what it had left, and half of all that was lost was carried.
    expect(total(pounds, ({ expired }) => expired)).toBe(1_000 - spentOfPaid);
    expect(total(pounds, ({ carried }) => carried)).toBe((1_000 - spentOfPaid) / 2);
    expect(pounds.at(-1)?.deferred).toBe((1_000 - spentOfPaid) / 2);
    expect(owed.filter(({ currency }) => currency === "GBP")).toMatchObject([
      { source: "plan", credits: 80, amount: (1_000 - spentOfPaid) / 2 },
    ]);
    await apply({ verb: "charge", accountId, key: "all", credits: 80n, cause: "test" });
    expect(
      (await readMoney(db())).revenue.filter(({ currency }) => currency === "GBP").at(-1)?.deferred,
    ).toBe(0);
  });
});
