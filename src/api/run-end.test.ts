import { eq, sql } from "drizzle-orm";
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { expireOverdueHolds, reconcile, stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { holds, runs } from "#schema";
import { testDatabase, testFolder } from "#test";
import { reapRuns } from "#tools";
import { aUser, type TestUser } from "./test-caller";
import { balanceOf, begun, cancel, fund, read, refused, untilWorking, work } from "./test-tools";

const { db } = testDatabase();
testFolder();

let ada: TestUser;

beforeEach(async () => {
  ada = await aUser("ada");
  await fund(ada, 100n);
});

afterAll(async () => {
  await announced();
  await stopLedger();
});

/** As if the run's worker had fallen silent. */
async function silence(run: { id: string }): Promise<void> {
  await db().update(runs).set({ heartbeatAt: sql`now() - interval '1 minute'` }).where(eq(runs.id, run.id));
}

/** Has a worker that lives taken for lost: its next sign of life may come before the reaper, so it insists. */
async function lose(run: { id: string }): Promise<void> {
  const attemptOf = async () => {
    const [row] = await db().select({ attempt: runs.attempt }).from(runs).where(eq(runs.id, run.id));
    return row?.attempt;
  };
  const before = await attemptOf();
  do {
    await silence(run);
    await reapRuns();
  } while ((await attemptOf()) === before);
}

describe("cancelling", () => {
  it("a waiting run ends it at once; its job then finds nothing to do", async () => {
    const run = await begun(ada);
    const canceled = await (await cancel(ada, run)).json();
    expect(canceled).toMatchObject({ status: "canceled", charged: 0, returned: 5 });
    expect(await balanceOf(ada)).toEqual([100, 0]);
    await work(run);
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({ status: "canceled", outputs: [] });
    expect((await cancel(ada, run)).status).toBe(200);
  });

  it("a running run stops its tool and gives everything back", async () => {
    const run = await begun(ada, { input: { text: "x", behave: "forever" } });
    const working = untilWorking();
    const done = work(run);
    await working;
    expect(await (await cancel(ada, run)).json()).toMatchObject({
      status: "running",
      cancelRequested: true,
    });
    await done;
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({ status: "canceled", charged: 0 });
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("a streaming run charges what it had delivered", async () => {
    const run = await begun(ada, {
      tool: "test-stream",
      input: { text: "one two three four", price: 9, behave: "half" },
    });
    const working = untilWorking("one two three four");
    const done = work(run);
    await working;
    await cancel(ada, run);
    await done;
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({
      ...{ status: "canceled", charged: 2, returned: 7, text: "one two " },
      outputs: [{ text: "one two" }],
    });
    expect(await balanceOf(ada)).toEqual([98, 0]);
  });

  it("in the moment of the end charges streamed text, and nothing else", async () => {
    // As if it came after the worker had looked for it the last time.
    await db().execute(sql`
      create function cancel_meanwhile() returns trigger language plpgsql as $$
        begin new.cancel_requested_at := now(); return new; end $$`);
    await db().execute(sql`
      create trigger cancel_meanwhile before update on runs for each row
        when (old.status = 'queued' and new.status = 'running') execute function cancel_meanwhile()`);
    onTestFinished(async () => {
      await db().execute(sql`drop function cancel_meanwhile cascade`);
    });
    const charged = { "test-stream": 3, "test-echo": 0 };
    for (const [tool, credits] of Object.entries(charged)) {
      const run = await begun(ada, { tool, input: { text: "one two three" } });
      await work(run);
      const { status, charged, outputs } = await read(ada, `/runs/${run.id}`);
      expect([status, charged, outputs.length]).toEqual(["canceled", credits, credits ? 1 : 0]);
    }
    expect(await balanceOf(ada)).toEqual([97, 0]);
  });

  it("a run that is over is refused", async () => {
    const run = await begun(ada);
    await work(run);
    expect(await refused(cancel(ada, run))).toEqual([409, "run_over"]);
  });
});

describe("a lost worker", () => {
  it("is retried once; what the lost attempt brings late is refused", async () => {
    const run = await begun(ada, { input: { text: "x", behave: "forever" } });
    const working = untilWorking();
    const lost = work(run, "job-1");
    await working;
    await lose(run);
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({ status: "queued", attempt: 2, held: 5 });
    // The worker was only slow: it wakes up, sees that the run is no longer its own, and stores nothing.
    await lost;
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({ status: "queued", outputs: [] });
    expect(await balanceOf(ada)).toEqual([95, 5]);

    const again = untilWorking();
    const second = work(run, "job-2");
    await again;
    await lose(run);
    await second;
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({
      ...{ status: "failed", charged: 0, returned: 5, error: { code: "worker_lost" } },
    });
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("whose job comes again is taken over at once, another job leaves a living run alone", async () => {
    const run = await begun(ada, { input: { text: "x", behave: "forever" } });
    const working = untilWorking();
    const first = work(run, "job-1");
    await working;
    await work(run, "job-2");
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({ status: "running", attempt: 1 });
    await db()
      .update(runs)
      .set({ input: { text: "x", price: 5, behave: "well" } })
      .where(eq(runs.id, run.id));
    await work(run, "job-1");
    await first;
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({ status: "succeeded", charged: 5 });
    expect(await balanceOf(ada)).toEqual([95, 0]);
  });

  it("that was asked to cancel ends cancelled", async () => {
    const run = await begun(ada);
    await db()
      .update(runs)
      .set({ status: "running", jobId: "gone", cancelRequestedAt: sql`now()` })
      .where(eq(runs.id, run.id));
    await lose(run);
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({ status: "canceled", charged: 0 });
  });

  it("that stops in order gives the run back without losing a try", async () => {
    const run = await begun(ada, { input: { text: "x", behave: "forever" } });
    const stopping = new AbortController();
    const working = untilWorking();
    const interrupted = work(run, "job-1", stopping.signal);
    await working;
    stopping.abort();
    await expect(interrupted).rejects.toThrow("stopping");
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({ status: "queued", held: 5 });
    const [row] = await db().select().from(runs).where(eq(runs.id, run.id));
    expect(row?.losses).toBe(0);
  });

  it("that stops while it takes the run gives it back too", async () => {
    const run = await begun(ada);
    const stopping = new AbortController();
    const interrupted = await db().transaction(async (tx) => {
      await tx.execute(sql`select from runs where id = ${run.id} for update`);
      const done = work(run, "job-1", stopping.signal).catch((error: unknown) => error);
      const waiting = sql`
        select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      await expect.poll(async () => (await db().execute(waiting)).rows.length).toBe(1);
      stopping.abort();
      return { done };
    });
    expect(await interrupted.done).toMatchObject({ message: "stopping" });
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({ status: "queued", held: 5, outputs: [] });
  });
});

describe("the reaper", () => {
  it("hands a waiting run whose job is gone to a new one", async () => {
    const run = await begun(ada);
    await db().update(runs).set({ createdAt: sql`now() - interval '1 hour'` }).where(eq(runs.id, run.id));
    const jobs = sql`select count(*)::int as count from graphile_worker.jobs where key = ${run.id}`;
    await db().execute(sql`delete from graphile_worker._private_jobs where key = ${run.id}`);
    await reapRuns();
    const { rows } = await db().execute<{ count: number }>(jobs);
    expect(rows).toEqual([{ count: 1 }]);
    await cancel(ada, run);
  });

  it("gives up what has waited for a day", async () => {
    const run = await begun(ada);
    await db().update(runs).set({ createdAt: sql`now() - interval '1 day'` }).where(eq(runs.id, run.id));
    expect(await reapRuns()).toMatchObject({ expired: 1 });
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({
      error: { code: "waited_too_long" },
      returned: 5,
    });
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("ends a lost run whose hold has expired, and goes on to the others", async () => {
    const stuck = await begun(ada);
    const waiting = await begun(ada);
    await db().update(runs).set({ status: "running", losses: 1 }).where(eq(runs.id, stuck.id));
    await silence(stuck);
    await db().execute(sql`update holds set expires_at = created_at where id =
      (select hold_id from runs where id = ${stuck.id})`);
    await expireOverdueHolds();
    await db().update(runs).set({ createdAt: sql`now() - interval '1 day'` }).where(eq(runs.id, waiting.id));
    expect(await reapRuns()).toMatchObject({ lost: 1, expired: 1 });
    expect(await read(ada, `/runs/${stuck.id}`)).toMatchObject({ status: "failed", charged: 0 });
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("gives a hold back that its run has left", async () => {
    const run = await begun(ada);
    await db().update(runs).set({ status: "failed", endedAt: sql`now()` }).where(eq(runs.id, run.id));
    expect(await reapRuns()).toMatchObject({ released: 1 });
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });
});

describe("any mixture of ends", () => {
  it("leaves no hold open and the books in order", async () => {
    // A plan lets one customer have so many runs at once; each of these starts fewer.
    const customers = [ada, await aUser("bob"), await aUser("cyd"), await aUser("dan")];
    for (const customer of customers) await fund(customer, 1000n);
    const behaviours = ["well", "fail", "crash", "forever", "lost", "queued"] as const;
    const fates = Array.from({ length: 18 }, (_, i) => behaviours[(i * 7 + 3) % behaviours.length] ?? "well");
    await Promise.all(
      fates.map(async (fate, index) => {
        const customer = customers[index % customers.length] ?? ada;
        const behave = fate === "lost" ? "forever" : fate === "queued" ? "well" : fate;
        const run = await begun(customer, { input: { text: `${index}`, price: index + 1, behave } });
        if (fate === "queued") return cancel(customer, run);
        const working = behave === "forever" ? untilWorking(`${index}`) : null;
        const done = work(run, `job-${index}`);
        if (fate === "forever") {
          await working;
          await cancel(customer, run);
        }
        if (fate === "lost") {
          await working;
          await db().update(runs).set({ losses: 1 }).where(eq(runs.id, run.id));
          await lose(run);
        }
        return done;
      }),
    );
    for (const [position, customer] of customers.entries()) {
      const spent = fates.reduce(
        (sum, fate, index) =>
          sum + (index % customers.length === position && fate === "well" ? index + 1 : 0),
        0,
      );
      expect(await balanceOf(customer)).toEqual([(customer === ada ? 1100 : 1000) - spent, 0]);
    }
    expect(await db().$count(holds, eq(holds.status, "open"))).toBe(
      await db().$count(runs, sql`status in ('queued', 'running') and hold_id is not null`),
    );
    expect(await reconcile(db())).toEqual([]);
  });
});

// Last, for they move money's clock.
describe("a worker", () => {
  /** The day for which the run's hold was placed is nearly over, or over. */
  async function pass(run: { id: string }, interval: string): Promise<void> {
    await db().execute(sql`
      update money_clock set shift = shift + (
        select h.expires_at - money_now() from holds h join runs r on r.hold_id = h.id where r.id = ${run.id}
      ) + ${interval}::interval`);
  }

  it("that works on keeps its run's hold from expiring", async () => {
    const run = await begun(ada, { input: { text: "x", behave: "forever" } });
    const working = untilWorking();
    const done = work(run);
    await working;
    await pass(run, "-1 minute");
    const left = sql`
      select h.expires_at > money_now() + interval '5 minutes' as extended
      from holds h join runs r on r.hold_id = h.id where r.id = ${run.id}`;
    while (!(await db().execute<{ extended: boolean }>(left)).rows[0]?.extended);
    await db().execute(sql`update money_clock set shift = shift + interval '2 minutes'`);
    await expireOverdueHolds();
    expect(await balanceOf(ada)).toEqual([95, 5]);
    await cancel(ada, run);
    await done;
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });

  it("whose run's hold was closed stops, and the customer reads that nothing was charged", async () => {
    const run = await begun(ada, { input: { text: "x", behave: "forever" } });
    const working = untilWorking();
    const done = work(run);
    await working;
    await pass(run, "1 second");
    await expireOverdueHolds();
    await done;
    expect(await read(ada, `/runs/${run.id}`)).toMatchObject({
      ...{ status: "failed", charged: 0, returned: 5, error: { code: "hold_expired" }, outputs: [] },
    });
    expect(await balanceOf(ada)).toEqual([100, 0]);
  });
});
