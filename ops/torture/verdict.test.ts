import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AccountId,
  capture,
  charge,
  grant,
  type HoldId,
  hold,
  type Outcome,
  openAccount,
  release,
  stopLedger,
} from "#ledger";
import { isId, newId } from "#platform/id";
import { runs } from "#schema";
import { testDatabase } from "#test";
import type { Record } from "./record";
import { endedRunsWithOpenHolds, judge, load } from "./verdict";

/** A torture that could not find anything would prove nothing: what is told here does not agree. */

const { db } = testDatabase();
let accountId: AccountId;

beforeAll(async () => {
  accountId = await db().transaction((tx) => openAccount(tx, { ownerType: "user", ownerId: newId("user") }));
  await grant({
    accountId,
    key: "before",
    credits: 100n,
    source: "signup",
    expiresAt: null,
    cause: "torture",
  });
});
afterAll(stopLedger);

function told(record: Partial<Record>): Record {
  return {
    ...{
      id: "api:a",
      account: accountId,
      verb: "charge",
      credits: 5,
      fate: "applied",
      code: "",
      requests: 1,
    },
    ...{ hold: null, lot: null, run: null, told: null },
    ...record,
  };
}

/** What clients were told, and agrees with what stands. */
const agreed: Record[] = [];

/** What is seen when something else was told: these instead of, or beside, what agrees. */
async function verdictOn(...others: Record[]): Promise<string[]> {
  await db().execute(sql`drop table if exists torture_records`);
  await load(db(), [...agreed.filter(({ id }) => !others.some((other) => other.id === id)), ...others]);
  return (await judge(db())).map(({ what, count }) => `${count} ${what}`);
}

function answered({ key, verb, credits, available, held, holdId }: Outcome): Record {
  const answer = { credits: Number(credits), available: Number(available), held: Number(held) };
  return told({ id: key, verb, credits: answer.credits, hold: holdId, told: answer });
}

/** A charge or a hold, as a client asks for it. */
async function asked(verb: "charge" | "hold", name: string, key = `api:${name}`): Promise<Record> {
  const reference = { type: "charge", id: name } as const;
  const command = { accountId, key, credits: 5n, cause: "torture", reference };
  return answered(await (verb === "charge" ? charge(command) : hold({ ...command, lifetimeSeconds: 60 })));
}

function holdOf({ hold }: Record): HoldId {
  if (hold === null || !isId("hold", hold)) throw new Error("no hold");
  return hold;
}

async function closed(by: "capture" | "release", holdId: HoldId): Promise<Record> {
  const command = { accountId, key: `api:${by}`, holdId };
  return answered(
    await (by === "capture" ? capture({ ...command, credits: 3n }) : release({ ...command, cause: "x" })),
  );
}

describe("what clients were told is held against what stands, and seen is", () => {
  let charged: Record;
  let captured: Record;

  beforeAll(async () => {
    charged = await asked("charge", "a");
    const held = await asked("hold", "h");
    captured = await closed("capture", holdOf(held));
    agreed.push(charged, held, captured);
  });

  test("nothing, when it agrees", async () => {
    expect(await verdictOn()).toEqual([]);
  });

  test("a command that was acknowledged and is lost", async () => {
    expect(await verdictOn(told({ id: "api:lost" }))).toEqual([
      "1 was applied, and does not stand exactly once",
      "1 is answered from memory with something else than was told first",
    ]);
  });

  test.each(["refused", "not_applied"] as const)("a command that was %s and stands", async (fate) => {
    expect(await verdictOn({ ...charged, fate })).toEqual([
      "1 was refused or reported as not applied, and stands",
      "1 is remembered, though it was refused",
    ]);
  });

  test("an answer that is remembered otherwise", async () => {
    expect(await verdictOn({ ...charged, told: { credits: 5, available: 1, held: 0 } })).toEqual([
      "1 is answered from memory with something else than was told first",
    ]);
  });

  test("a command that nobody asked for", async () => {
    const [known] = agreed.splice(0, 1);
    expect(await verdictOn()).toEqual(["1 stands, though nobody asked for it"]);
    if (known) agreed.unshift(known);
  });

  test("a hold that was closed otherwise than was told, or twice", async () => {
    expect(await verdictOn({ ...captured, credits: 4 })).toEqual([
      "1 was captured or released as the answer said, and the hold says otherwise",
    ]);
    expect(await verdictOn(told({ ...captured, id: "api:other" }))).toContain(
      "1 closed a hold that another had closed",
    );
  });

  test("a hold that is still open", async () => {
    const held = await asked("hold", "left");
    agreed.push(held);
    expect(await verdictOn()).toEqual(["1 is a hold that is still open"]);
    agreed.push(await closed("release", holdOf(held)));
    expect(await verdictOn()).toEqual([]);
  });
});

describe("of runs is seen", () => {
  const id = newId("run");
  let begun: Record;
  let holdId: HoldId;

  beforeAll(async () => {
    begun = told({ id: "r", verb: "run", credits: 5, run: id });
    const reference = { type: "run", id } as const;
    const command = { accountId, key: `${id}:hold`, credits: 5n, cause: "tool:torture", reference };
    const placed = await hold({ ...command, lifetimeSeconds: 60 });
    if (!placed.holdId) throw new Error("no hold");
    holdId = placed.holdId;
    const order = { tool: "torture", input: {}, idempotencyKey: "r", inputHash: "", expiresAt: new Date() };
    await db()
      .insert(runs)
      .values({ id, accountId, ...order, holdId, held: 5n, status: "succeeded", charged: 2n });
  });

  test("a hold that is open although its run is over", async () => {
    expect(await endedRunsWithOpenHolds(db())).toMatchObject([{ count: 1, examples: [holdId] }]);
    await capture({ accountId, key: `${id}:capture`, holdId, credits: 2n });
    expect(await endedRunsWithOpenHolds(db())).toEqual([]);
    expect(await verdictOn(begun)).toEqual([]);
  });

  test("one that was acknowledged and is not there, was refused and is there, or that nobody asked for", async () => {
    expect(await verdictOn(begun, told({ id: "lost", verb: "run", run: newId("run") }))).toEqual([
      "1 is a run that was begun as the answer said, and is not there, or is another",
    ]);
    expect(await verdictOn({ ...begun, fate: "refused" })).toEqual([
      "1 is a run that was refused or reported as not applied, and is there",
    ]);
    expect(await verdictOn()).toEqual(["1 is a run that nobody asked for"]);
  });

  test("one that has another price than its hold and the journal, or has not ended, or was cancelled", async () => {
    await db().update(runs).set({ charged: 3n });
    expect(await verdictOn(begun)).toEqual(["1 is a run whose hold or journal says another price"]);
    await db().update(runs).set({ charged: 2n, status: "running" });
    expect(await verdictOn(begun)).toEqual(["1 is a run that has not ended"]);
    await db().update(runs).set({ status: "succeeded" });
    expect(await verdictOn(begun, told({ id: "c", verb: "cancel", run: id }))).toEqual([
      "1 is a run that was cancelled as the answer said, and ended otherwise",
    ]);
  });
});

test("a command that stands twice is seen, acknowledged or not", async () => {
  await db().delete(runs);
  agreed.length = 0;
  const once = await asked("charge", "twice");
  await asked("charge", "twice", "api:twice again");
  expect(await verdictOn(once)).toContain("1 was applied, and does not stand exactly once");
  expect(await verdictOn({ ...once, fate: "unknown", told: null })).toContain(
    "1 was given up without an answer, and stands more than once",
  );
});
