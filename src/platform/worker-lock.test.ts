import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { testDatabase } from "#test";
import { enqueue, openJobPool } from "./queue";
import { countWorkers, lookForDeadWorkers, openWorkerLocks, type WorkerLocks } from "./worker-lock";

const { db, url } = testDatabase();

let pool: ReturnType<typeof openJobPool>;
/** Those of the process that looks. */
let own: WorkerLocks;

beforeAll(async () => {
  pool = openJobPool(url(), 2);
});

/** A job that `ada`, a worker elsewhere, took long ago. */
beforeEach(async () => {
  own = await openWorkerLocks(url());
  own.hold("own");
  await expect.poll(() => countWorkers(pool)).toBe(1);
  await enqueue(db(), "test.job", {}, { key: "job" });
  await db().execute(sql`
    update graphile_worker._private_jobs set locked_by = 'ada', locked_at = now() - interval '1 hour'`);
});

afterAll(() => pool.end());

it("a worker whose lock is away for a moment keeps its job, however old; one that is gone loses it", async () => {
  const look = lookForDeadWorkers(pool, own);
  expect(await look()).toEqual([]);
  const ada = await openWorkerLocks(url());
  ada.hold("ada");
  await expect.poll(() => countWorkers(pool)).toBe(2);
  expect(await look()).toEqual([]);
  await ada.release();
  expect(await look()).toEqual([]);
  expect(await look()).toEqual(["ada"]);
  const { rows } = await db().execute(sql`select locked_by from graphile_worker.jobs`);
  expect(rows).toEqual([{ locked_by: null }]);
  await own.release();
});

it("who has lost his own lock judges nobody", async () => {
  const look = lookForDeadWorkers(pool, own);
  await own.release();
  expect([await look(), await look()]).toEqual([[], []]);
});
