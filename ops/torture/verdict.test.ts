import { sql, TransactionRollbackError } from "drizzle-orm";
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
  accountId = await anAccount();
});
afterAll(stopLedger);

async function anAccount(): Promise<AccountId> {
  const owner = { ownerType: "user", ownerId: newId("user") } as const;
  const accountId = await db().transaction((tx) => openAccount(tx, owner));
  const lot = { source: "signup", credits: 100n, expiresAt: null, cause: "torture" } as const;
  await grant({ accountId, key: "before", ...lot });
  return accountId;
}

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

describe("a ledger", () => {
  /** Clients are told of two charges, and then the rows are made what this ledger left. */
  async function verdictOnLedger(left: readonly string[]): Promise<string[]> {
    accountId = await anAccount();
    const records = [await asked("charge", "first"), await asked("charge", "second")];
    await db().execute(sql`truncate torture_records`);
    await load(db(), records);
    let verdicts: string[] = [];
    const broken = db().transaction(async (tx) => {
      // A broken ledger asks no trigger.
      await tx.execute(sql`set local session_replication_role = replica`);
      for (const table of ["entries", "commands", "holds", "hold_lots", "grants"]) {
        await tx.execute(sql.raw(`delete from ${table} where account_id <> '${accountId}'`));
      }
      await tx.execute(sql`delete from accounts where id <> ${accountId}`);
      for (const statement of left) await tx.execute(sql.raw(statement));
      verdicts = (await judge(tx)).map(({ what }) => what);
      tx.rollback();
    });
    await expect(broken).rejects.toThrow(TransactionRollbackError);
    return verdicts;
  }

  const gives = "update accounts set available = available + 5";
  const lotGives = "update grants set remaining = remaining + 5";
  const untold = "is answered from memory with something else than was told first";

  const ledgers: { [ledger: string]: { left: string[]; seen: string[] } } = {
    "that does all of it right is not blamed": { left: [], seen: [] },
    "that lost its lock, so that one charge overwrote what the other had left, is seen": {
      left: [gives, lotGives],
      seen: ["reconcile finds differences"],
    },
    "that acknowledged and did not write is seen, though its books are right": {
      left: [
        "delete from entries where reference_id = 'second'",
        "delete from commands where key = 'api:second'",
        `${gives}, last_entry = last_entry - 1, last_command = last_command - 1`,
        lotGives,
      ],
      seen: ["was applied, and does not stand exactly once", untold],
    },
    "that applied a repeated key again is seen, though its books are right": {
      left: [
        `insert into entries select account_id, seq + 1, kind, credits, total_after - 5, grant_id, source, hold_id, cause,
           reference_type, reference_id, created_at from entries where reference_id = 'second'`,
        "update accounts set available = available - 5, last_entry = last_entry + 1",
        "update grants set remaining = remaining - 5",
      ],
      seen: ["was applied, and does not stand exactly once"],
    },
    "that forgot a key is seen": {
      left: [
        "delete from commands where key = 'api:second'",
        "update accounts set last_command = last_command - 1",
      ],
      seen: [untold],
    },
    "that wrote half of a transaction is seen": {
      left: ["update commands set key = 'pair:1:a' where key = 'api:second'"],
      seen: [
        untold,
        "stands, though nobody asked for it",
        "was applied, but the other half of its transaction was not",
      ],
    },
  };

  test.each(Object.entries(ledgers))("%s", async (_, { left, seen }) => {
    expect(await verdictOnLedger(left)).toEqual(seen);
  });
});
