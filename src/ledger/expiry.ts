import { sql } from "drizzle-orm";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { log } from "#platform/log";
import { type Pass, type PassOptions, passOver } from "#platform/pass";
import type { Tasks } from "#platform/queue";
import { Refusal } from "#platform/refusal";
import type { AccountId, Command, HoldId } from "./command";
import { submit } from "./submit";

/**
 * What time does to credits, booked. Nothing depends on these jobs being punctual: decisions and balances
 * leave out what is past its expiry anyway. Both go in small batches through the batcher, may run anywhere
 * and any number of times at once, and whoever stops in the middle is gone on from: what is done is due no
 * more.
 */

/** Closes every hold whose deadline has passed. */
export async function expireOverdueHolds(options: PassOptions = {}): Promise<Pass> {
  return passOver(overdueHolds, expire, options);
}

/** Books the expiry of every lot that is due. */
export async function expireLots(options: PassOptions = {}): Promise<Pass> {
  return passOver(accountsWithDueLots, expire, options);
}

/** Something to expire, and where among all that is due it stands. */
type Due = { accountId: AccountId; holdId?: HoldId; place: { at: string; id: string } };

/** In the order of the index `holds_open`. */
async function overdueHolds(limit: number, after: Due | undefined): Promise<Due[]> {
  const { rows } = await db().execute<{ account_id: AccountId; at: string; id: HoldId }>(sql`
    select account_id, expires_at::text as at, id from holds
    where status = 'open' and expires_at <= (select money_now())
      and (account_id, expires_at, id) >
        (${after?.accountId ?? ""}, ${after?.place.at ?? "-infinity"}::timestamptz, ${after?.place.id ?? ""})
    order by account_id, expires_at, id limit ${limit}`);
  return rows.map(({ account_id, at, id }) => ({ accountId: account_id, holdId: id, place: { at, id } }));
}

/** In the order of the index `grants_expiry`. */
async function accountsWithDueLots(limit: number, after: Due | undefined): Promise<Due[]> {
  const { rows } = await db().execute<{ account_id: AccountId; at: string }>(sql`
    select distinct account_id, expires_at, expires_at::text as at from grants
    where open and remaining > 0 and expires_at <= (select money_now())
      and (expires_at, account_id) >
        (${after?.place.at ?? "-infinity"}::timestamptz, ${after?.accountId ?? ""})
    order by expires_at, account_id limit ${limit}`);
  return rows.map(({ account_id, at }) => ({ accountId: account_id, place: { at, id: "" } }));
}

/** A key of its own each time: expiring twice is harmless, for the second time nothing is due. */
async function expire(due: readonly Due[]): Promise<number> {
  const outcomes = await Promise.all(
    due.map(({ accountId, holdId }) =>
      tryExpire({ verb: "expire", key: `expire:${newId("request")}`, accountId, ...(holdId && { holdId }) }),
    ),
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

/** A pass that takes longer than its interval is not joined by a second one. */
const serially = { queueName: "ledger.expiry", backfillPeriod: 0 };

/** The ledger's jobs, and when they run. */
export const ledgerTasks: Tasks = {
  system: {
    "ledger.expireHolds": async (_payload, { abortSignal }) => {
      await expireOverdueHolds({ signal: abortSignal });
    },
    "ledger.expireLots": async (_payload, { abortSignal }) => {
      await expireLots({ signal: abortSignal });
    },
  },
  cron: [
    { task: "ledger.expireHolds", match: "* * * * *", options: serially },
    { task: "ledger.expireLots", match: "*/5 * * * *", options: serially },
  ],
};
