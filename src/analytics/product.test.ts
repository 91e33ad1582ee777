import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { type Id, newId } from "#platform/id";
import { bucketBoundsMs } from "#platform/response-times";
import { accounts, productEvents, runs, users } from "#schema";
import { runJobs, testDatabase } from "#test";
import type { MetricName } from "./catalogue";
import { readMetric } from "./read";
import { rebuild, rollUp } from "./rollup";
import { rollups } from "./rollups";
import { tasks } from "./tasks";

/** Product and technical metrics over ten days of March, each figure reckoned by hand beside the data. */

const { db } = testDatabase();

async function aUser(
  at: string,
  emailVerified: boolean,
): Promise<{ id: Id<"user">; account: Id<"account"> }> {
  const [id, account] = [newId("user"), newId("account")];
  const email = `${id}@example.com`;
  await db()
    .insert(users)
    .values({ id, name: id, email, emailVerified, createdAt: new Date(at) });
  await db().insert(accounts).values({ id: account, ownerType: "user", ownerId: id });
  return { id, account };
}

type Run = { at: string; tool?: string; status?: string; charged?: bigint; wait?: number; works?: number };

async function aRun(account: Id<"account"> | null, run: Run): Promise<void> {
  const { at, tool = "ocr", status = "succeeded", charged = 0n, wait = 1, works = 2 } = run;
  const id = newId("run");
  const begun = new Date(at);
  const started = new Date(begun.getTime() + wait * 1000);
  await db()
    .insert(runs)
    .values({
      ...{ id, accountId: account, tool, status, charged, held: charged, input: {}, inputHash: id },
      ...{
        visitorId: account ? null : newId("visitor"),
        idempotencyKey: id,
        createdAt: begun,
        expiresAt: begun,
      },
      ...{ startedAt: started, endedAt: new Date(started.getTime() + works * 1000) },
    });
}

async function anEvent(name: string, at: string, more: Partial<typeof productEvents.$inferInsert> = {}) {
  await db()
    .insert(productEvents)
    .values({ name, occurredAt: new Date(at), ...more });
}

beforeAll(async () => {
  await db().execute(sql`
    update money_clock set shift = '2026-03-10T12:00:00Z'::timestamptz - clock_timestamp()`);
  // Four visitors on the 1st (one of them twice), one on the 2nd: 4 + 1.
  for (const [at, visitor] of [
    ...[
      ["01", "a"],
      ["01", "a"],
      ["01", "b"],
      ["01", "c"],
      ["01", "d"],
      ["02", "a"],
    ],
  ] as const)
    await anEvent("page_viewed", `2026-03-${at}T10:00:00Z`, { visitor });
  // Three sign-ups on the 1st, of whom two confirmed, one ran something well, lacked credits, and paid.
  const ada = await aUser("2026-03-01T11:00:00Z", true);
  const bea = await aUser("2026-03-01T12:00:00Z", true);
  await aUser("2026-03-01T13:00:00Z", false);
  await anEvent("out_of_credits", "2026-03-03T10:00:00Z", { userId: ada.id });
  await db().execute(sql`
    insert into customers (account_id, stripe_id) values (${ada.account}, 'cus_1')`);
  await db().execute(sql`
    insert into invoices (id, account_id, reason, status, currency, total_cents, created_at, paid_at)
    values ('in_1', ${ada.account}, 'pack', 'paid', 'usd', 900, '2026-03-04', '2026-03-04')`);
  // On the 2nd: ada twice ocr (5 + 3 credits), bea once ocr, which failed, and once convert; a visitor once ocr.
  await aRun(ada.account, { at: "2026-03-02T08:00:00Z", charged: 5n, wait: 1, works: 2 });
  await aRun(ada.account, { at: "2026-03-02T09:00:00Z", charged: 3n, wait: 3, works: 4 });
  await aRun(bea.account, { at: "2026-03-02T09:30:00Z", status: "failed", wait: 0, works: 6 });
  await aRun(bea.account, { at: "2026-03-02T10:00:00Z", tool: "convert", status: "canceled" });
  await aRun(null, { at: "2026-03-02T11:00:00Z", wait: 0, works: 8 });
  for (const feature of ["key_created", "key_created", "runs_exported"])
    await anEvent("feature_used", "2026-03-05T10:00:00Z", { properties: { feature } });
  for (const query of ["Watermark", "watermark", "pdf to word"])
    await anEvent("search_without_result", "2026-03-05T11:00:00Z", { properties: { query } });
  // 90 answers up to 1 ms, 9 up to 2 ms and one, a fault, up to 5 ms; a page beside them.
  await db().execute(sql`
    insert into response_times (step, at, route, method, status_class, requests, sum_ms, b1, b2, b3) values
      ('hour', '2026-03-05T10:00Z', '/api/v1/runs', 'GET', 2, 99, 60, 90, 9, 0),
      ('hour', '2026-03-05T11:00Z', '/api/v1/runs', 'GET', 5, 1, 4, 0, 0, 1),
      ('hour', '2026-03-05T11:00Z', '/pricing', 'GET', 2, 100, 90, 100, 0, 0),
      ('minute', '2026-03-05T11:00Z', '/pricing', 'GET', 2, 100, 90, 100, 0, 0)`);
  await db().execute(sql`insert into probe_days values ('api', '2026-03-05', 1430, 10)`);
  await rollUp(rollups);
});

async function total(name: MetricName, filters: { tool?: string } = {}) {
  const range = { first: "2026-03-01", last: "2026-03-10", grain: "month", compare: false } as const;
  return (await readMetric(name, { ...range, filters })).total;
}

describe("product", () => {
  test.each<[MetricName, Record<string, number>]>([
    ["funnel", { visit: 5, signup: 3, verified: 2, firstRun: 1, outOfCredits: 1, paid: 1 }],
    ["toolRuns", { ocr: 4, convert: 1 }],
    ["runSuccess", { ocr: 3 / 4 }],
    ["toolUsage", { ocr: 2 / 2, convert: 1 / 2 }],
    ["featureUse", { key_created: 2, runs_exported: 1 }],
    ["vainSearches", { watermark: 2, "pdf to word": 1 }],
  ])("%s", async (name, expected) => {
    const known = await total(name);
    expect(Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null))).toEqual(expected);
  });

  test("what was counted of events that are no longer kept stays, also when all is made anew", async () => {
    const before = await total("funnel");
    await db().execute(sql`delete from product_events where occurred_at < '2026-03-04'`);
    await rebuild(rollups);
    expect(await total("funnel")).toEqual(before);
  });

  test("the words of searches are forgotten with the events, how often features were used is not", async () => {
    await db().execute(sql`
      insert into usage_days (day, name, what, events)
      values ('2023-01-01', 'search_without_result', 'ada lovelace', 1), ('2023-01-01', 'feature_used', 'export', 1)`);
    await db().execute(sql`select graphile_worker.add_job('analytics.forget-searches', '{}')`);
    await runJobs({ "analytics.forget-searches": tasks.system?.["analytics.forget-searches"] });
    const { rows } = await db().execute(sql`select what from usage_days where day = '2023-01-01'`);
    expect(rows).toEqual([{ what: "export" }]);
    expect(await total("vainSearches")).toMatchObject({ watermark: 2 });
  });

  test("a tool is shown alone when it is asked for", async () => {
    expect(await total("toolRuns", { tool: "convert" })).toEqual({ convert: 1 });
  });
});

describe("technical", () => {
  test("response times are read off the buckets: half in 50/90 ms, 95% in 1 + 5/9 ms, 99% in 2 ms", async () => {
    const { p50, p95, p99 } = await total("responseTime");
    expect([p50, p95, p99]).toEqual([expect.closeTo(50 / 90, 9), expect.closeTo(1 + 5 / 9, 9), 2]);
    const slowest = await total("slowestRoutes");
    expect(slowest).toEqual({
      "/api/v1/runs": expect.closeTo(1 + 5 / 9, 9),
      "/pricing": expect.closeTo(0.95, 9),
    });
  });

  test("errors, requests, uptime, working and waiting are what the data says", async () => {
    expect(await total("errorRate")).toEqual({ all: 1 / 200 });
    expect(await total("requests")).toEqual({ api: 100, pages: 100 });
    expect(await total("uptime")).toEqual({ api: 1430 / 1440 });
    // ocr: 2 + 4 + 6 + 8 s over four runs.
    expect(await total("runDuration", { tool: "ocr" })).toEqual({ ocr: 5000 });
    // Of five waits two are up to 0.1 s, two between 0.5 and 1 s, one between 2 and 3 s.
    expect(await total("queueWait")).toEqual({ p50: 500 + 500 * (0.5 / 2), p95: 2000 + 1000 * 0.75 });
  });

  test("PostgreSQL reads the buckets by the bounds that the server counts by", async () => {
    for (const [index, bound] of bucketBoundsMs.entries()) {
      const counts = Array.from({ length: bucketBoundsMs.length + 1 }, (_, at) => (at === index ? 7 : 0));
      const { rows } = await db().execute<{ ms: number }>(
        sql`select bucket_percentile(${sql.param(counts)}::int8[], 1) as ms`,
      );
      expect(rows[0]?.ms).toBe(bound);
    }
  });
});
