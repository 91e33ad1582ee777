import { sql } from "drizzle-orm";
import { type Db, db } from "#platform/db";
import { newId } from "#platform/id";
import { log } from "#platform/log";
import type { Tasks } from "#platform/queue";
import { Refusal } from "#platform/refusal";
import type { AccountId, Command, HoldId } from "./command";
import { submit } from "./submit";

/**
 * What time does to credits, booked. Nothing depends on these jobs being punctual: decisions and balances
 * leave out what is past its expiry anyway. Both go in small batches through the batcher, may run anywhere
 * and any number of times at once, and go on where they stopped.
 */

const batchSize = 200;

/** Closes holds whose deadline has passed. @returns how many it closed. */
export async function expireOverdueHolds(limit: number = batchSize, database: Db = db()): Promise<number> {
  const { rows } = await database.execute<{ account_id: AccountId; id: HoldId }>(sql`
    select account_id, id from holds
    where status = 'open' and expires_at <= (select money_now()) limit ${limit}`);
  return expire(rows.map(({ account_id, id }) => ({ accountId: account_id, holdId: id })));
}

/** Books the expiry of lots that are due. @returns how many accounts lost credits. */
export async function expireLots(limit: number = batchSize, database: Db = db()): Promise<number> {
  const { rows } = await database.execute<{ account_id: AccountId }>(sql`
    select distinct account_id from (
      select account_id from grants
      where open and expires_at <= (select money_now()) and remaining > 0
      order by expires_at limit ${limit}
    ) as due`);
  return expire(rows.map(({ account_id }) => ({ accountId: account_id })));
}

/** A key of its own each time: expiring twice is harmless, for the second time nothing is due. */
async function expire(due: { accountId: AccountId; holdId?: HoldId }[]): Promise<number> {
  const outcomes = await Promise.all(
    due.map((what) => tryExpire({ verb: "expire", key: `expire:${newId("request")}`, ...what })),
  );
  return outcomes.filter((done) => done).length;
}

/** One account's trouble must not keep the others from expiring; it shows in the log and in `reconcile`. */
async function tryExpire(command: Command): Promise<boolean> {
  try {
    return (await submit(command)).credits > 0n;
  } catch (error) {
    // Its run ended it between our look and the command.
    if (error instanceof Refusal && error.code === "hold_closed") return false;
    log().error({ err: error, account: command.accountId }, "could not expire what is due");
    return false;
  }
}

/** Works through all that is due, a batch at a time. */
async function drain(expireSome: () => Promise<number>, signal?: AbortSignal): Promise<void> {
  while (!signal?.aborted && (await expireSome()) > 0);
}

/** The ledger's jobs, and when they run. */
export const ledgerTasks: Tasks = {
  system: {
    "ledger.expireHolds": (_payload, { abortSignal }) => drain(() => expireOverdueHolds(), abortSignal),
    "ledger.expireLots": (_payload, { abortSignal }) => drain(() => expireLots(), abortSignal),
  },
  cron: [
    { task: "ledger.expireHolds", match: "* * * * *" },
    { task: "ledger.expireLots", match: "*/5 * * * *" },
  ],
};
