import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { seedPrices } from "#billing";
import { meaningOf, subscriptionStatuses } from "#billing/access";
import { testDatabase } from "#test";
import type { Filters, MetricName } from "./catalogue";
import { readMetric } from "./read";
import { rollUp } from "./rollup";
import { expectSameAnew } from "./rollup.fixture";
import { rollups } from "./rollups";
import { itIs, play, type Story } from "./subscriptions.fixture";

/**
 * Thirty customers over fourteen months, and what comes of it, reckoned by hand. A month's prices: Pro 12.00,
 * Premium 39.00, Enterprise 199.00 in dollars; Pro 12.00 and Premium 39.00 in euros; Premium 33.00 in pounds;
 * Pro 1800 yen. A year's: Pro 120.00 is 10.00 a month, in pounds 100.00 is 8.33; Premium 390.00 is 32.50;
 * Enterprise 1990.00 is 165.83.
 */
process.env.TIME_ZONE = "America/New_York";

const { db } = testDatabase();

const story: Story = [
  ["Ada", "US", "2025-01-05 pro/month/usd"],
  ["Ben", "US", "2025-01-08 pro/month/usd", "2025-06-08 ended"],
  ["Cai", "US", "2025-01-12 pro/year/usd"],
  ["Dee", "GB", "2025-01-15 premium/month/usd"],
  ["Eve", "US", "2025-01-20 pro/month/usd", "2025-03-20 premium/month/usd"],
  ["Fay", "US", "2025-01-25 premium/month/usd", "2025-04-25 pro/month/usd"],
  ["Gil", "DE", "2025-02-01 trial pro/month/eur", "2025-02-08 pro/month/eur"],
  ["Hal", "DE", "2025-02-03 trial pro/month/eur", "2025-02-10 ended"],
  [
    "Ida",
    "US",
    "2025-02-05 trial pro/month/usd",
    "2025-02-12 active",
    "2025-05-12 ended",
    "2025-09-01 pro/month/usd",
  ],
  ["Jon", "US", "2025-02-10 trial pro/month/usd", "2025-02-17 paused", "2025-03-01 active"],
  ["Kim", "FR", "2025-02-14 premium/month/eur", "2025-08-14 past_due", "2025-08-20 active"],
  ["Leo", "FR", "2025-02-20 pro/month/eur", "2025-07-20 past_due", "2025-08-03 ended"],
  ["Mia", "US", "2025-03-03 enterprise/month/usd", "2025-12-03 ended"],
  ["Ned", "US", "2025-03-07 pro/month/usd", "2025-05-07 pro/year/usd"],
  ["Ola", "GB", "2025-03-10 pro/year/gbp"],
  ["Pia", "GB", "2025-03-15 premium/month/gbp", "2025-10-15 ended"],
  ["Quy", "JP", "2025-03-20 pro/month/jpy"],
  // Two in the morning in London, still the 31st of March in New York.
  ["Rex", "US", "2025-04-01T02 pro/month/usd"],
  ["Sue", "US", "2025-04-05T14 pro/month/usd", "2025-04-05T18 premium/month/usd"],
  ["Tom", "US", "2025-04-10T14 pro/month/usd", "2025-04-10T18 ended"],
  ["Una", "US", "2025-04-15 pro/month/usd", "2025-05-01 paused", "2025-06-15 active"],
  ["Vic", "US", "2025-05-03 pro/month/usd", "2025-07-03 unpaid", "2025-07-10 ended"],
  ["Wyn", "US", "2025-05-10 incomplete pro/month/usd", "2025-05-11 incomplete_expired"],
  ["Xia", "US", "2025-05-15T14 incomplete pro/month/usd", "2025-05-15T18 active"],
  ["Yan", "US", "2025-06-02 premium/year/usd", "2025-11-02 enterprise/year/usd"],
  ["Zoe", null, "2025-06-10 pro/month/usd", "2025-09-10 from CA"],
  ["Abe", "US", "2025-07-01 pro/month/usd", "2025-10-01 ended", "2025-10-20 pro/month/eur"],
  ["Bea", "US", "2025-08-05 surplus premium/month/usd", "2025-08-06 pro/month/usd"],
  ["Cat", "US", "2026-02-25 trial pro/month/usd"],
  ["Dan", "US", "2025-12-15 pro/month/usd", "2026-01-15 premium/month/usd", "2026-02-15 pro/month/usd"],
];

beforeAll(async () => {
  await seedPrices();
  // Now and then the roll-ups are brought up to date, in the middle of months, too.
  const pauses = ["2025-02-15", "2025-04-01T01", "2025-07-03", "2025-11-01", "2026-02-26"];
  await play(
    story,
    pauses.map((day) => (day.includes("T") ? `${day}:00:00Z` : `${day}T00:00:00Z`)),
    () => rollUp(rollups),
  );
}, 120_000);

/** A metric's months from January 2025 to February 2026. */
async function months(name: MetricName, filters: Filters) {
  const range = { first: "2025-01-01", last: "2026-02-26", grain: "month", compare: false } as const;
  return readMetric(name, { ...range, filters });
}

const usd = { currency: "usd" };

/*
 *            movements in cents                                at the end            at the begin
 * month      new     expansion contraction churn reactivation  MRR     customers     left
 */
const dollars = `
  2025-01    12400        0       0       0       0             12400    6            0 of 0
  2025-02     1200        0       0       0       0             13600    7            0 of 6
  2025-03    23500     2700       0       0       0             39800   11            0 of 7
  2025-04     5100        0   -2700       0       0             42200   13            0 of 11
  2025-05     2400        0    -200   -2400       0             42000   13            2 of 13
  2025-06     4450        0       0   -1200    1200             46450   15            1 of 13
  2025-07     1200        0       0   -1200       0             46450   15            1 of 15
  2025-08     1200        0       0       0       0             47650   16            0 of 15
  2025-09        0        0       0       0    1200             48850   17            0 of 16
  2025-10        0        0       0   -1200       0             47650   16            1 of 17
  2025-11        0    13333       0       0       0             60983   16            0 of 16
  2025-12     1200        0       0  -19900       0             42283   16            1 of 16
  2026-01        0     2700       0       0       0             44983   16            0 of 16
  2026-02        0        0   -2700       0       0             42283   16            0 of 16`;

/** The table's lines, each with what it began with. */
const lines = dollars
  .trim()
  .split("\n")
  .map((line) => line.trim().split(/\s+/))
  .map(([month = "", ...cells], place, all) => {
    const [
      fresh = 0,
      expansion = 0,
      contraction = 0,
      churn = 0,
      reactivation = 0,
      mrr = 0,
      customers = 0,
      left = 0,
    ] = cells.filter((cell) => cell !== "of").map(Number);
    const before = Number(all[place - 1]?.[6] ?? 0);
    const there = Number(all[place - 1]?.[7] ?? 0);
    return { month, fresh, expansion, contraction, churn, reactivation, mrr, customers, left, before, there };
  });

describe("monthly recurring revenue of thirty customers", () => {
  test("stands as reckoned by hand at each month's end, and so do the paying customers", async () => {
    const { points } = await months("mrr", usd);
    expect(points.map(({ period, values }) => [period.slice(0, 7), values.all])).toEqual(
      lines.map(({ month, mrr }) => [month, mrr]),
    );
    const customers = await months("payingCustomers", usd);
    expect(customers.points.map(({ values }) => values.all)).toEqual(lines.map(({ customers }) => customers));
    expect((await months("arr", usd)).total).toEqual({ all: 42_283 * 12 });
    expect((await months("arpu", usd)).points[5]?.values.all).toBeCloseTo(46_450 / 15);
  });

  test("moves as reckoned, and the movements add up to the change, to the cent", async () => {
    const { points } = await months("mrrMovements", usd);
    const read = points.map(({ period, values }) => ({
      month: period.slice(0, 7),
      ...{ fresh: values.new, expansion: values.expansion, contraction: values.contraction },
      ...{ churn: values.churn, reactivation: values.reactivation },
    }));
    expect(read).toEqual(
      lines.map(({ month, fresh, expansion, contraction, churn, reactivation }) => ({
        ...{ month, fresh, expansion, contraction, churn, reactivation },
      })),
    );
    for (const { before, mrr, fresh, expansion, contraction, churn, reactivation } of lines) {
      expect(before + fresh + expansion + contraction + churn + reactivation).toBe(mrr);
    }
  });

  test("is lost and kept: churn of customers and revenue, and net retention", async () => {
    const churn = await months("customerChurn", usd);
    const revenue = await months("revenueChurn", usd);
    const kept = await months("netRetention", usd);
    for (const [place, line] of lines.entries()) {
      if (line.there === 0) continue;
      expect(churn.points[place]?.values.all, line.month).toBeCloseTo(line.left / line.there);
      expect(churn.points[place]?.cases).toBe(line.there);
      expect(revenue.points[place]?.values.all).toBeCloseTo(-(line.churn + line.contraction) / line.before);
      expect(kept.points[place]?.values.all, line.month).toBeCloseTo(
        (line.before + line.expansion + line.contraction + line.churn) / line.before,
      );
    }
    // In the 90 days to the end of June three of eleven left: 1/11 a month.
    expect((await months("ltv", usd)).points[5]?.values.all).toBeCloseTo((46_450 / 15) * 11);
  });

  test("is of each currency by itself", async () => {
    const ends = async (currency: string) =>
      (await months("mrr", { currency })).points.map(({ values }) => values.all);
    const [none, all] = [0, 6_300];
    expect(await ends("eur")).toEqual([
      none,
      all,
      all,
      all,
      all,
      all,
      all,
      5_100,
      5_100,
      all,
      all,
      all,
      all,
      all,
    ]);
    const pounds = 833 + 3_300;
    expect(await ends("gbp")).toEqual([0, 0, ...Array<number>(7).fill(pounds), 833, 833, 833, 833, 833]);
    // Abe left in dollars and came back in euros.
    const abe = (await months("mrrMovements", { currency: "eur" })).points[9]?.values;
    expect(abe).toMatchObject({ new: 0, reactivation: 1_200 });
  });

  test("is of each plan and country, and what goes from one to another is a transfer", async () => {
    const june = (await months("mrrByPlan", usd)).points[5]?.values;
    expect(june).toEqual({ pro: 11_600, premium: 14_950, enterprise: 19_900 });
    const march = async (plan: string) => (await months("mrrMovements", { ...usd, plan })).points[2]?.values;
    expect(await march("pro")).toMatchObject({ new: 3_600, transfer: -1_200 });
    expect(await march("premium")).toMatchObject({ expansion: 2_700, transfer: 1_200 });
    for (const plan of ["pro", "premium", "enterprise"]) {
      const moved = (await months("mrrMovements", { ...usd, plan })).points.map(({ values }) =>
        Object.values(values).reduce<number>((sum, value) => sum + (value ?? 0), 0),
      );
      const stands = (await months("mrr", { ...usd, plan })).points.map(({ values }) => values.all ?? 0);
      expect(moved).toEqual(stands.map((value, place) => value - (stands[place - 1] ?? 0)));
    }
    const countries = (await months("mrrByCountry", usd)).points;
    expect(countries[7]?.values).toMatchObject({ unknown: 1_200, CA: 0, GB: 3_900 });
    expect(countries[8]?.values).toMatchObject({ unknown: 0, CA: 1_200 });
  });

  test("counts trials by the day they end: two of four went on to pay, a pause is no sale", async () => {
    const { points } = await months("trialConversion", {});
    expect(points[1]).toMatchObject({ values: { all: 0.5 }, cases: 4 });
    expect((await months("trialConversion", usd)).points[1]).toMatchObject({
      values: { all: 0.5 },
      cases: 2,
    });
    expect((await months("trials", {})).total).toEqual({ all: 5 });
  });
});

describe("payments", () => {
  test("are sold, refunded, failed and recovered on the days it happened", { timeout: 60_000 }, async () => {
    await itIs("2026-02-26T13:00:00Z");
    await invoice("in_pack", "pack", 900, "paid");
    await invoice("in_top_up", "top_up", 2_900, "paid");
    await invoice("in_plan", "subscription", 1_200, "open");
    await invoice("in_never", "subscription", 3_900, "open");
    await itIs("2026-02-28T13:00:00Z");
    await invoice("in_plan", "subscription", 1_200, "paid");
    await db().execute(sql`update invoices set refunded_cents = 400 where id = 'in_pack'`);
    await db().execute(
      sql`update invoices set refunded_cents = 2900, dispute = 'open' where id = 'in_top_up'`,
    );
    await itIs("2026-03-02T13:00:00Z");
    await db().execute(sql`update invoices set refunded_cents = 0, dispute = 'won' where id = 'in_top_up'`);
    await rollUp(rollups);
    const read = async (name: MetricName) => {
      const range = { first: "2026-02-01", last: "2026-03-02", grain: "month", compare: false } as const;
      return (await readMetric(name, { ...range, filters: usd })).points.map(({ values }) => values);
    };
    expect(await read("moneyIn")).toEqual([
      { pack: 900, top_up: 2_900, subscription: 1_200 },
      { pack: 0, top_up: 0, subscription: 0 },
    ]);
    expect((await read("oneTimeSales"))[0]).toEqual({ pack: 900, top_up: 2_900 });
    expect(await read("refunds")).toEqual([{ all: 3_300 }, { all: -2_900 }]);
    expect((await read("failedPayments"))[0]).toEqual({ failed: 5_100, recovered: 1_200 });
  });
});

async function invoice(id: string, reason: string, cents: number, status: string): Promise<void> {
  await db().execute(sql`
    insert into invoices (id, account_id, reason, status, currency, total_cents, attempted, created_at, paid_at)
    select ${id}, min(account_id), ${reason}, ${status}, 'usd', ${cents}, true, money_now(),
      case ${status} when 'paid' then money_now() end
    from customers
    on conflict (id) do update set status = excluded.status, paid_at = excluded.paid_at`);
}

test("what was rolled up as time went by is what is made anew", { timeout: 60_000 }, async () => {
  await expectSameAnew([
    "mrr_days",
    "mrr_levels",
    "mrr_months",
    "trial_days",
    "payment_days",
    "registration_days",
  ]);
});

test("what is recorded late counts on its day", { timeout: 60_000 }, async () => {
  await db().execute(sql`
    insert into subscription_changes (subscription_id, account_id, status, plan_id, "interval", currency, monthly_cents, at)
    values ('sub_late', 'acct_late', 'active', 'pro', 'month', 'usd', 1200, '2025-02-10T12:00:00Z')`);
  await rollUp(rollups);
  const stands = (await months("mrr", usd)).points.map(({ values }) => values.all);
  expect(stands.slice(0, 3)).toEqual([12_400, 14_800, 41_000]);
});

test("what comes to something a month is what the table of statuses says renews and is no trial", async () => {
  for (const status of subscriptionStatuses) {
    const { renews, trial } = meaningOf(status);
    const { rows } = await db().execute(
      sql`select monthly_cents(${status}, false, 'month', 1200)::int as cents`,
    );
    expect([status, rows[0]]).toEqual([status, { cents: renews && !trial ? 1_200 : 0 }]);
  }
});

test("history is not rewritten, and only that of play money is forgotten", async () => {
  await db().execute(sql`update customers set livemode = true`);
  for (const table of ["subscription_changes", "payment_changes"]) {
    await expect(db().execute(sql`delete from ${sql.identifier(table)}`)).rejects.toThrow();
    await expect(db().execute(sql`update ${sql.identifier(table)} set at = now()`)).rejects.toThrow();
  }
});
