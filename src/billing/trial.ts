import { and, eq, isNull, ne, sql } from "drizzle-orm";
import { db, type Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { enqueue } from "#platform/queue";
import { checkouts, subscriptions, trials } from "#schema";
import { meanings } from "./access";
import type { CustomerState } from "./state";

/**
 * One trial per person, known by account and by card. It is reserved before it is offered, and claimed with
 * the card before its credits are given; both keys are unique, so of two at once one fails.
 */

type AccountId = Id<"account">;

/** @returns whether a checkout of this account may offer a trial; reserves it then */
export async function reserveTrial(tx: Tx, accountId: AccountId): Promise<boolean> {
  await tx.insert(trials).values({ accountId }).onConflictDoNothing();
  const [row] = await tx
    .select()
    .from(trials)
    .where(and(eq(trials.accountId, accountId), isNull(trials.subscriptionId)));
  if (!row) return false;
  const [before] = await tx
    .select({ id: subscriptions.id })
    .from(subscriptions)
    .where(eq(subscriptions.accountId, accountId))
    .limit(1);
  return before === undefined;
}

/** Whether the account has not had one. */
export async function hasTrialLeft(queryable: Pick<Tx, "select">, accountId: AccountId): Promise<boolean> {
  const [had] = await queryable
    .select({ id: subscriptions.id })
    .from(subscriptions)
    .where(eq(subscriptions.accountId, accountId))
    .limit(1);
  const [row] = await queryable.select().from(trials).where(eq(trials.accountId, accountId));
  return had === undefined && (row === undefined || row.subscriptionId === null);
}

/** Claims the trials that have begun in Stripe; one with a card that has had its trial is ended. */
export async function claimTrials(tx: Tx, accountId: AccountId, state: CustomerState): Promise<void> {
  for (const { id, status, trialStart, card } of state.subscriptions) {
    if (!trialStart || !meanings[status].trial) continue;
    const [known] = await tx.select().from(subscriptions).where(eq(subscriptions.id, id));
    const fingerprint = card?.fingerprint ?? state.card?.fingerprint;
    // Without a card nobody knows who it is: nothing is given until there is one.
    if (!known || known.surplus || !fingerprint) continue;
    await tx.insert(trials).values({ accountId }).onConflictDoNothing();
    const [mine] = await tx.select().from(trials).where(eq(trials.accountId, accountId)).for("update");
    if (mine?.subscriptionId === id) continue;
    const [others] = await tx
      .select({ accountId: trials.accountId })
      .from(trials)
      .where(and(eq(trials.cardFingerprint, fingerprint), ne(trials.accountId, accountId)));
    if (mine?.subscriptionId || others) {
      await enqueue(tx, "billing.end-trial", { subscriptionId: id }, { key: `billing.end-trial:${id}` });
      continue;
    }
    await tx
      .update(trials)
      .set({ subscriptionId: id, cardFingerprint: fingerprint })
      .where(eq(trials.accountId, accountId));
  }
}

/** What was reserved and never begun is free again once its checkout is over. */
export async function releaseTrials(): Promise<void> {
  await db()
    .delete(trials)
    .where(
      and(
        isNull(trials.subscriptionId),
        sql`${trials.reservedAt} < now() - interval '2 days'`,
        sql`not exists (select 1 from ${checkouts} where ${checkouts.accountId} = ${trials.accountId} and ${checkouts.status} = 'open')`,
      ),
    );
}
