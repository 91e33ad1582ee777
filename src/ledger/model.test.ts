import { asc, eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseUrl } from "#platform/db";
import { Refusal } from "#platform/refusal";
import { commands as commandsTable } from "#schema";
import { testDatabase } from "#test";
import { settle } from "./apply";
import { createBatcher } from "./batcher";
import { type AccountId, type Command, commandName, hashArguments, type Outcome } from "./command";
import { type OwnConnection, ownConnection } from "./connection";
import { ModelAccount } from "./model";
import { answered, answeredNo, compareEnds, type Stored, serially } from "./model-check";
import { epoch, type Step, script, step } from "./model-script";
import { anAccount, apply } from "./testing";

/**
 * Random commands against the model, on a clock that stands still unless a step moves it. The first two tests
 * know the order and compare every answer, of given batches and of those the batcher makes; the third does not:
 * it runs five lanes at once and asks the order of the ledger, which counts each account's commands. Each verb
 * by itself is in model-verbs.test.ts.
 */

const { db } = testDatabase();
/** Where the clock stands, in seconds after the epoch. */
let second = 0;
const nowMs = () => epoch + second * 1000;
let connection: OwnConnection;

beforeAll(async () => {
  await db().execute(sql`create table test_clock (at timestamptz)`);
  await db().execute(sql`insert into test_clock values (now())`);
  await db().execute(
    sql`create or replace function money_now() returns timestamptz language sql volatile
      as 'select at from test_clock'`,
  );
  connection = ownConnection(databaseUrl());
});
afterAll(() => connection.close());

async function setClock(second: number): Promise<void> {
  await db().execute(
    sql`update test_clock set at = greatest(at, ${new Date(epoch + second * 1000).toISOString()}::timestamptz)`,
  );
}

async function someAccounts(count: number): Promise<AccountId[]> {
  return Promise.all(Array.from({ length: count }, anAccount));
}

test("batches answer as the model does, command by command", async () => {
  const batches = fc.array(fc.array(step, { minLength: 1, maxLength: 25 }), { maxLength: 12, size: "max" });
  await fc.assert(
    fc.asyncProperty(batches, async (steps) => {
      const accounts = await someAccounts(3);
      const models = new Map(accounts.map((id) => [id, new ModelAccount()]));
      const stored = new Map<string, Stored>();
      const all = script(steps.flat(), accounts, second);
      for (const batch of steps) {
        second += batch.reduce((sum, { wait }) => sum + wait, 0);
        await setClock(second);
        const commands = all.splice(0, batch.length);
        const run = await connection.begin();
        const verdicts = await settle(run, commands, "wait");
        await run({ text: "commit" });
        commands.forEach((command, index) => {
          expect(answerOf(verdicts[index])).toEqual(serially(models, stored, command, nowMs()));
        });
      }
      await compareEnds(models, nowMs());
    }),
    { numRuns: 12 },
  );
}, 60_000);

function answerOf(verdict: Awaited<ReturnType<typeof settle>>[number] | undefined) {
  if (verdict === undefined || typeof verdict === "string") throw new Error("A command was not settled.");
  if ("outcome" in verdict) return answered(verdict.outcome);
  if (!(verdict.refusal instanceof Refusal)) throw verdict.refusal;
  return { ok: false, code: verdict.refusal.code };
}

test("any interleaving of callers, in whatever batches, is a serial order that keeps each account's order", async () => {
  const callers = fc.array(step, { minLength: 10, maxLength: 60, size: "max" });
  const batches = fc.integer({ min: 1, max: 50 });
  const rests = fc.array(fc.nat(6), { minLength: 60, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(callers, batches, rests, async (steps, maxBatch, rest) => {
      const accounts = await someAccounts(4);
      const said = script(steps, accounts, second);
      const batcher = createBatcher({ url: databaseUrl(), maxBatch });
      const asked: Promise<unknown>[] = [];
      // Sometimes everybody asks at once, sometimes the batcher gets some turns between two: batches of any make.
      for (const [index, command] of said.entries()) {
        asked.push(batcher.submit(command).then(answered, answeredNo));
        for (let turns = (rest[index] ?? 0) - 3; turns > 0; turns -= 1) await turn();
      }
      const answers = await Promise.all(asked);
      await batcher.stop();
      const models = new Map(accounts.map((id) => [id, new ModelAccount()]));
      const stored = new Map<string, Stored>();
      // The order in which each account's commands came is the serial order that must explain every answer.
      said.forEach((command, index) => {
        expect(answers[index]).toEqual(serially(models, stored, command, nowMs()));
      });
      await compareEnds(models, nowMs());
    }),
    { numRuns: 8 },
  );
}, 60_000);

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("commands from five connections at once come to one serial order that the model repeats", async () => {
  const steps = fc.array(step, { minLength: 1_500, maxLength: 1_500, size: "max" });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const accounts = await someAccounts(5);
      const said = script(all, accounts, second);
      const acknowledged = await runLanes(all, said);
      const models = await replay(accounts, said, acknowledged);
      await compareEnds(models, nowMs());
    }),
    // Shrinking a race is luck, and 1,500 commands say little: the seed is enough.
    { numRuns: 1, endOnFailure: true, reporter },
  );
}, 120_000);

function reporter({
  failed,
  seed,
  errorInstance,
}: {
  failed: boolean;
  seed: number;
  errorInstance: unknown;
}) {
  if (failed) throw new Error(`Failed with seed ${seed}`, { cause: errorInstance });
}

/** What a group of commands, mostly of one, was told: an outcome each, or one refusal for all. */
type Answer = { lane: number; commands: Command[]; outcomes: Outcome[]; refusal?: Refusal };

/** Lanes 0 and 1 are batchers with all their commands in flight, 2 to 4 transactions of up to three. */
async function runLanes(steps: readonly Step[], said: readonly Command[]): Promise<Answer[]> {
  const batchers = [0, 1].map(() => createBatcher({ url: databaseUrl(), maxBatch: 40, distrustMs: 0 }));
  const answers: Answer[] = [];
  const take = async (lane: number, commands: Command[], outcomes: () => Promise<Outcome[]>) => {
    try {
      answers.push({ lane, commands, outcomes: await outcomes() });
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      answers.push({ lane, commands, outcomes: [], refusal });
    }
  };
  const lanes = [0, 1, 2, 3, 4].map(async (lane) => {
    const own = steps.flatMap(({ wait }, i) => {
      const command = said[i];
      return steps[i]?.lane === lane && command ? [{ wait, command }] : [];
    });
    const batcher = batchers[lane];
    if (batcher) {
      await Promise.all(
        own.map(({ command }) => take(lane, [command], async () => [await batcher.submit(command)])),
      );
      return;
    }
    for (let i = 0; i < own.length; ) {
      const group = own.slice(i, i + 1 + (i % 3));
      i += group.length;
      second += group[0]?.wait ?? 0;
      await setClock(second);
      const commands = group.map(({ command }) => command);
      await take(lane, commands, () => apply(...commands));
    }
  });
  try {
    await Promise.all(lanes);
  } finally {
    await Promise.all(batchers.map((batcher) => batcher.stop()));
  }
  return answers;
}

/** Repeats on the model what the ledger says happened, in the order it says, and checks every answer. */
async function replay(
  accounts: readonly AccountId[],
  said: readonly Command[],
  answers: readonly Answer[],
): Promise<Map<AccountId, ModelAccount>> {
  const byHash = new Map(
    said.map((command) => [`${commandName(command)} ${hashArguments(command)}`, command]),
  );
  const rows = new Map<string, Row>();
  const models = new Map<AccountId, ModelAccount>();
  for (const accountId of accounts) {
    const model = new ModelAccount();
    models.set(accountId, model);
    const stored = await db()
      .select()
      .from(commandsTable)
      .where(eq(commandsTable.accountId, accountId))
      .orderBy(asc(commandsTable.seq));
    for (const { hash, seq, createdAt, ...row } of stored) {
      const command = byHash.get(`${commandName(row)} ${hash}`);
      if (!command) throw new Error(`Nobody asked for ${row.key}.`);
      const answer = answered({ ...row, repeated: false });
      const expected = model.apply(command, createdAt.getTime());
      // Lots may have expired on the way of a command that was refused: then there was less to report.
      const credits = command.verb === "expire" && !command.holdId ? answer.credits : undefined;
      expect(answer).toEqual(credits === undefined ? expected : { ...expected, credits });
      rows.set(commandName(row), { hash, seq, answer });
    }
  }
  checkAnswers(answers, rows);
  return models;
}

type Row = { hash: string; seq: bigint; answer: unknown };

function checkAnswers(answers: readonly Answer[], rows: Map<string, Row>): void {
  const first = new Set<string>();
  const reached = new Map<string, bigint>();
  for (const { lane, commands, outcomes, refusal } of answers) {
    if (refusal) checkRefusal(refusal, commands, rows);
    outcomes.forEach((outcome, index) => {
      const name = commandName(outcome);
      const row = rows.get(name);
      const command = commands[index];
      expect(answered(outcome)).toEqual(row?.answer);
      expect(command && hashArguments(command)).toBe(row?.hash);
      if (outcome.repeated) return;
      // Applied once, and in the order in which its lane asked.
      expect(first.has(name)).toBe(false);
      first.add(name);
      const lanes = `${lane} ${outcome.accountId}`;
      expect(row?.seq).toBeGreaterThan(reached.get(lanes) ?? 0n);
      reached.set(lanes, row?.seq ?? 0n);
    });
  }
  // Otherwise the generator has become too shy to prove anything.
  expect(first.size).toBeGreaterThan(200);
  // What stands was acknowledged to somebody as new, and nothing else stands.
  expect(new Set(rows.keys())).toEqual(first);
}

/** A refusal without the moment it was decided at: it must at least have a reason. */
function checkRefusal(refusal: Refusal, commands: readonly Command[], rows: Map<string, Row>): void {
  if (refusal.code === "insufficient_credits") {
    expect(Number(refusal.facts.need)).toBeGreaterThan(Number(refusal.facts.have));
  }
  if (refusal.code === "idempotency_conflict") {
    const reasons = commands.filter((command) => {
      const names = commands.filter((other) => commandName(other) === commandName(command));
      const hashes = new Set(names.map(hashArguments)).add(rows.get(commandName(command))?.hash ?? "");
      // An id that is taken is a conflict too.
      return hashes.size > 1 || command.verb === "hold" || command.verb === "grant";
    });
    expect(reasons).not.toEqual([]);
  }
}
