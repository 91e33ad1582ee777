import { eq, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { z } from "zod";
import type { Plan } from "#billing/catalogue";
import { readFree } from "#billing/edition";
import { accountsWithPlan } from "#billing/entitlements";
import { type AccountId, type Command, submit } from "#ledger";
import { config } from "#platform/config";
import { db, type Queryable } from "#platform/db";
import { isId } from "#platform/id";
import { log } from "#platform/log";
import { monthPeriodAt, monthsAfter } from "#platform/month";
import { type Pass, type PassOptions, passOver } from "#platform/pass";
import { Refusal } from "#platform/refusal";
import { freeRefills } from "#schema";
import { openReferralLink } from "./referral";
import { carryCommand } from "./rollover";

/**
 * Free's credits, month by month. The months are the account's own, counted from when its address was
 * confirmed. Each is filled once, by a key that names it, whoever runs this and however often; what was missed
 * while nothing ran is not made up for, but what the last month left is carried over all the same.
 */

/** Starts an account's months and gives it its referral link: `{ accountId, at }`, once. */
export const beginFree: Task = async (payload) => {
  const { accountId, at } = z.object({ accountId: z.string(), at: z.iso.datetime() }).parse(payload);
  if (!isId("account", accountId)) throw new Error("credits.beginFree needs an accountId");
  const anchor = new Date(at);
  // The welcome credits are the first month's, where there are any.
  const nextAt = config().WELCOME_CREDITS > 0 ? monthsAfter(anchor, 1) : anchor;
  await db().insert(freeRefills).values({ accountId, anchor, nextAt }).onConflictDoNothing();
  await openReferralLink(db(), accountId);
};

/** When Free's credits come next and how many, for an account that is on Free then; null: it has no months yet. */
export async function readNextRefill(
  queryable: Queryable,
  accountId: AccountId,
): Promise<{ at: Date; credits: bigint } | null> {
  const free = await readFree(queryable);
  if (free.creditsPerMonth === 0) return null;
  const [row] = await queryable
    .select({ at: freeRefills.nextAt })
    .from(freeRefills)
    .where(eq(freeRefills.accountId, accountId));
  return row ? { at: row.at, credits: BigInt(free.creditsPerMonth) } : null;
}

/** Fills every month that has begun. @returns how many accounts got credits. */
export async function refillFree(options: PassOptions = {}): Promise<Pass> {
  return passOver(dueMonths, fill, options);
}

/** A month that has begun and is not filled. Times in ms. */
type Due = { account_id: AccountId; anchor: number; next_at: number; now: number };

async function dueMonths(limit: number, after: Due | undefined): Promise<Due[]> {
  const { rows } = await db().execute<Due>(sql`
    select account_id, ${ms("anchor")} as anchor, ${ms("next_at")} as next_at, ${ms("money_now()")} as now
    from free_refills
    where next_at <= (select money_now())
      and (next_at, account_id) > (to_timestamp(${after?.next_at ?? 0}::float8 / 1000), ${after?.account_id ?? ""})
    order by free_refills.next_at, account_id limit ${limit}`);
  return rows;
}

/** An account's month, filled; `granted` is false when that had been done before. */
type Filled = { due: Due; nextAt: Date; granted: boolean };

async function fill(batch: readonly Due[]): Promise<number> {
  const paying = await accountsWithPlan(
    db(),
    batch.map(({ account_id }) => account_id),
  );
  const free = await readFree(db());
  const filling = batch.map((due) => tryFill(due, paying.has(due.account_id) ? null : free));
  const filled = (await Promise.all(filling)).filter((one) => one !== null);
  // Another pass may have been here at the same time; whoever comes second changes nothing.
  await db().execute(sql`
    update free_refills set next_at = to_timestamp(new.next_at / 1000)
    from unnest(
      ${sql.param(filled.map(({ due }) => due.account_id))}::text[],
      ${sql.param(filled.map(({ due }) => due.next_at))}::float8[],
      ${sql.param(filled.map(({ nextAt }) => nextAt.getTime()))}::float8[]
    ) as new (account_id, filled_at, next_at)
    where free_refills.account_id = new.account_id
      and free_refills.next_at = to_timestamp(new.filled_at / 1000)`);
  return filled.filter(({ granted }) => granted).length;
}

/**
 * Whoever pays for a plan has its credits instead, and Free's next month when they come back to it. One
 * account's trouble must not keep the others waiting; it stays due, and shows in the log.
 */
async function tryFill(due: Due, free: Plan | null): Promise<Filled | null> {
  const month = monthPeriodAt(new Date(due.anchor), new Date(due.now));
  if (!free) return { due, nextAt: month.end, granted: false };
  try {
    const outcomes = await Promise.all(commandsOf(due, month, free).map(submit));
    const granted = outcomes.some(({ repeated, credits }) => !repeated && credits > 0n);
    return { due, nextAt: month.end, granted };
  } catch (error) {
    // It was filled when the plan's figures were others.
    if (error instanceof Refusal && error.code === "idempotency_conflict") {
      return { due, nextAt: month.end, granted: false };
    }
    log().error({ err: error, account: due.account_id }, "could not refill Free credits");
    return null;
  }
}

/** What the months before left, then the month's own. */
function commandsOf(
  { account_id: accountId, next_at }: Due,
  month: { start: Date; end: Date },
  free: Pick<Plan, "creditsPerMonth" | "rolloverCap">,
): Command[] {
  const endedAt = new Date(next_at);
  const commands: Command[] = [];
  if (free.rolloverCap > 0) {
    const most = BigInt(free.rolloverCap);
    commands.push(carryCommand({ accountId, endedAt, most, expiresAt: month.end }));
  }
  if (free.creditsPerMonth > 0) {
    commands.push({
      verb: "grant",
      accountId,
      key: `free:${month.start.toISOString().slice(0, "2027-01".length)}`,
      credits: BigInt(free.creditsPerMonth),
      source: "plan",
      expiresAt: month.end,
      cause: "free",
    });
  }
  return commands;
}

function ms(expression: string) {
  return sql.raw(`floor(extract(epoch from ${expression}) * 1000)::float8`);
}
