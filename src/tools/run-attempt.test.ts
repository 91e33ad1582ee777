import { sql } from "drizzle-orm";
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import {
  applyCommands,
  expireOverdueHolds,
  type HoldId,
  listHolds,
  openAccount,
  readBalance,
  reconcile,
  stopLedger,
} from "#ledger";
import { announced } from "#platform/changes";
import { type Id, newId } from "#platform/id";
import { testDatabase, testFolder } from "#test";
import { fields, fixed } from "./define";
import { findRun } from "./run";
import { appendText, beat, giveBack, takeRun } from "./run-attempt";
import { cancelRun } from "./run-cancel";
import { type Ending, endRun } from "./run-end";
import { AttemptPulse } from "./run-pulse";
import { startRun } from "./run-start";
import { defineTool } from "./tool";

const { db } = testDatabase();
testFolder();

const texts = { name: "Test", summary: "Tests.", description: "Tests.", takes: "text", gives: "text" };
const tool = defineTool({
  slug: "test-attempt",
  category: "text",
  icon: "flask-conical",
  texts: { en: texts, zh: texts },
  input: z.strictObject({ text: z.string().register(fields, { label: { en: "Text", zh: "文字" } }) }),
  files: null,
  process: "worker",
  limits: { timeoutSeconds: 30, memoryMb: 64 },
  examples: [],
  price: fixed(5),
  run: async () => ({ outputs: [] }),
});
const success = { status: "succeeded", credits: 5n, outputs: [], facts: null } as const satisfies Ending;

let accountId: Id<"account">;

beforeEach(async () => {
  accountId = await db().transaction(async (tx) => {
    const opened = await openAccount(tx, { ownerType: "user", ownerId: newId("user") });
    const why = { cause: "adjustment", source: "promo", expiresAt: null } as const;
    await applyCommands(tx, [{ verb: "grant", accountId: opened, key: "g", credits: 20n, ...why }]);
    return opened;
  });
});

afterAll(async () => {
  await announced();
  await stopLedger();
});

async function aRun() {
  const user = { id: newId("user"), emailVerified: true };
  const order = { owner: { accountId }, user, tool, input: { text: "x" }, idempotencyKey: newId("request") };
  return (await startRun(order)).run;
}

/** A run whose first attempt was lost and whose second is going: [the late one, the current one]. */
async function lostAndTaken() {
  const run = await aRun();
  const late = await takeRun(run.id, "job-1", 30);
  const current = await takeRun(run.id, "job-1", 30);
  if (!late || !current) throw new Error("the run was not taken");
  return { run, late, current };
}

async function balance(): Promise<[available: bigint, held: bigint]> {
  const { available, held } = await readBalance(db(), accountId);
  return [available, held];
}

describe("an attempt that another has followed", () => {
  it("cannot end the run, whatever it brings", async () => {
    const { run, late, current } = await lostAndTaken();
    const failure = { status: "failed", code: "crashed", message: "" } as const;
    for (const ending of [success, failure, { status: "canceled", credits: 0n, outputs: [] } as const]) {
      expect(await endRun(run.id, late, ending)).toBeNull();
    }
    expect(await balance()).toEqual([15n, 5n]);
    expect(await endRun(run.id, current, success)).toMatchObject({ status: "succeeded", charged: 5n });
    expect(await balance()).toEqual([15n, 0n]);
    expect(await reconcile(db())).toEqual([]);
  });

  it("cannot write text, keep the run alive or give it back", async () => {
    const { run, late } = await lostAndTaken();
    await appendText(late, 0, "late");
    await giveBack(late);
    expect(await beat(late, { fraction: 0.9, step: "saving" })).toBe("superseded");
    expect(await findRun(run.id)).toMatchObject({ status: "running", progress: null });
  });
});

describe("text that is written as it comes", () => {
  it("is written once and whole, also when a piece stood and nobody was told", async () => {
    const run = await aRun();
    const attempt = await takeRun(run.id, "job-1", 30);
    if (!attempt) throw new Error("the run was not taken");
    await db().execute(sql`create sequence tries`);
    await db().execute(sql`
      create function fail_once() returns trigger language plpgsql as $$ begin
        if nextval('tries') = 1 then raise exception 'lost'; end if; return new; end $$`);
    await db().execute(sql`
      create trigger fail_once before insert on run_chunks for each row execute function fail_once()`);
    onTestFinished(async () => {
      await db().execute(sql`drop function fail_once cascade`);
    });
    const pulse = new AttemptPulse(attempt, new AbortController());
    pulse.onText("one ");
    const tried = sql`select from tries where is_called`;
    await expect.poll(async () => (await db().execute(tried)).rowCount, { interval: 5 }).toBe(1);
    await appendText(attempt, 0, "one ");
    pulse.onText("two");
    await pulse.stop();
    const { rows } = await db().execute<{ text: string }>(
      sql`select string_agg(text, '' order by position) as text from run_chunks where run_id = ${run.id}`,
    );
    expect(rows[0]?.text).toBe("one two");
    await cancelRun({ accountId }, run.id);
  });
});

describe("a run that used a model", () => {
  const ended = async (ending: Ending) => {
    const run = await aRun();
    await takeRun(run.id, "job-1", 30);
    return endRun(run.id, "outside", ending);
  };

  it("keeps what it cost, also when it fails or is cancelled; one without a model cost nothing", async () => {
    const model = { name: "mini", cost: 850n };
    const kept = { model: "mini", costMicros: 850n };
    expect(await ended({ ...success, model })).toMatchObject(kept);
    const failed = { status: "failed", code: "model_broke_off", message: "", model } as const;
    expect(await ended(failed)).toMatchObject(kept);
    const run = await aRun();
    const attempt = await takeRun(run.id, "job-1", 30);
    await cancelRun({ accountId }, run.id);
    expect(attempt && (await endRun(run.id, attempt, { ...success, model }))).toMatchObject({
      ...{ status: "canceled", charged: 0n, ...kept },
    });
    expect(await ended(success)).toMatchObject({ model: null, costMicros: 0n });
  });

  it("has no known cost while nobody has said what the model costs", async () => {
    const model = { name: "mini", cost: null };
    expect(await ended({ ...success, model })).toMatchObject({ model: "mini", costMicros: null });
  });
});

describe("ending a run twice", () => {
  it("is ending it once: the first stands", async () => {
    const { run, current } = await lostAndTaken();
    await endRun(run.id, current, success);
    expect(await endRun(run.id, current, success)).toBeNull();
    const failure = { status: "failed", code: "worker_lost", message: "" } as const;
    expect(await endRun(run.id, "outside", failure)).toBeNull();
    expect(await balance()).toEqual([15n, 0n]);
  });

  it("at the same moment charges once", async () => {
    const { run, current } = await lostAndTaken();
    const ends = await Promise.all(Array.from({ length: 8 }, () => endRun(run.id, current, success)));
    expect(ends.filter((ended) => ended !== null)).toHaveLength(1);
    expect(await balance()).toEqual([15n, 0n]);
  });
});

describe("a run that was cancelled as its worker stopped", () => {
  it("is not begun again, and gives everything back", async () => {
    const run = await aRun();
    const attempt = await takeRun(run.id, "job-1", 30);
    if (!attempt) throw new Error("the run was not taken");
    await cancelRun({ accountId }, run.id);
    await giveBack(attempt);
    expect(await takeRun(run.id, "job-1", 30)).toBeNull();
    expect(await findRun(run.id)).toMatchObject({ status: "canceled", charged: 0n });
    expect(await balance()).toEqual([20n, 0n]);
  });
});

describe("a run that was lost twice", () => {
  it("fails and gives everything back", async () => {
    const { run } = await lostAndTaken();
    expect(await takeRun(run.id, "job-1", 30)).toBeNull();
    expect(await findRun(run.id)).toMatchObject({ status: "failed", errorCode: "worker_lost", charged: 0n });
    expect(await balance()).toEqual([20n, 0n]);
  });
});

describe("the hold of a run that lasts", () => {
  /** Money's clock goes on until so many seconds are left to the deadline. */
  async function leave(seconds: number): Promise<void> {
    const deadline = await deadlineMs();
    await db().execute(sql`
      update money_clock set shift = shift + (to_timestamp(${deadline / 1000 - seconds}::float8) - money_now())`);
  }

  async function deadlineMs(): Promise<number> {
    const [hold] = await listHolds(db(), accountId);
    return hold?.expiresAt.getTime() ?? 0;
  }

  async function secondsLeft(): Promise<number> {
    const { rows } = await db().execute<{ seconds: number }>(sql`
      select (${(await deadlineMs()) / 1000}::float8 - date_part('epoch', money_now())) as seconds`);
    return rows[0]?.seconds ?? 0;
  }

  // The tool takes at most 30 s, so the hold is given 630 at a time.
  it("moves its deadline on with a sign of life, once less than half of the time is left", async () => {
    const run = await aRun();
    const attempt = await takeRun(run.id, "job-1", 30);
    if (!attempt) throw new Error("the run was not taken");
    const placed = await deadlineMs();
    await leave(330);
    expect(await beat(attempt, null)).toBe("alive");
    expect(await deadlineMs()).toBe(placed);
    for (let round = 0; round < 3; round++) {
      await leave(300);
      expect(await beat(attempt, null)).toBe("alive");
      expect(await secondsLeft()).toBeGreaterThan(600);
      await expireOverdueHolds();
      expect(await balance()).toEqual([15n, 5n]);
    }
    expect(await endRun(run.id, attempt, success)).toMatchObject({ status: "succeeded", charged: 5n });
    expect(await balance()).toEqual([15n, 0n]);
  });

  it("lasts for the whole attempt when that begins near its end", async () => {
    const run = await aRun();
    await leave(400);
    await takeRun(run.id, "job-1", 30);
    expect(await secondsLeft()).toBeGreaterThan(600);
  });

  it("ends when its worker gives no sign; what comes late is neither charged nor delivered", async () => {
    const run = await aRun();
    const attempt = await takeRun(run.id, "job-1", 30);
    if (!attempt) throw new Error("the run was not taken");
    await leave(0);
    await expireOverdueHolds();
    expect(await balance()).toEqual([20n, 0n]);
    expect(await beat(attempt, null)).toBe("unpaid");
    const holdId: HoldId = `hold_${run.holdId?.slice("hold_".length)}`;
    const late = { verb: "capture", accountId, key: "late", holdId, credits: 5n } as const;
    await expect(db().transaction((tx) => applyCommands(tx, [late]))).rejects.toMatchObject({
      ...{ code: "hold_closed", facts: { status: "expired" } },
    });
    expect(await endRun(run.id, attempt, success)).toMatchObject({
      ...{ status: "failed", errorCode: "hold_expired", charged: 0n },
    });
    expect(await balance()).toEqual([20n, 0n]);
    expect(await reconcile(db())).toEqual([]);
  });
});
