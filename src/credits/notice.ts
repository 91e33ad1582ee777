import { and, eq, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { z } from "zod";
import { type AccountId, type Outcome, readBalance } from "#ledger";
import { config } from "#platform/config";
import { db, type Tx } from "#platform/db";
import { type Id, isId } from "#platform/id";
import { log } from "#platform/log";
import { sendMail } from "#platform/mail";
import { type Pass, type PassOptions, passOver } from "#platform/pass";
import { enqueue } from "#platform/queue";
import { accounts, type notices, users } from "#schema";
import { expiringMail, lowBalanceMail } from "./mails";
import { type Choosable, readMailChoices } from "./unsubscribe";

/**
 * Notices by mail: credits that expire in 30 and in 7 days, and a balance that has become low. A row of
 * `notices` is written in the transaction that writes the mail, at most one of a kind a day for an account.
 */

/** Which lots each notice is about: those that expire after `after` and within `within` days. */
const windows = [
  { kind: "expiring30", after: 7, within: 30 },
  { kind: "expiring7", after: 0, within: 7 },
] as const;
type Window = (typeof windows)[number];

/**
 * Tells whoever has credits that are about to expire. A plan's are left out: they come and go every month, and
 * carry over. So is a lot that began with less time than the notice gives.
 * @returns how many people were written to
 */
export async function noticeExpiring(options: PassOptions = {}): Promise<Pass> {
  let settled = 0;
  for (const window of windows) {
    const pass = await passOver(
      (limit, after: Lot | undefined) => expiringLots(window, limit, after),
      (lots) => tellOwners(window, lots),
      options,
    );
    settled += pass.settled;
    if (!pass.done) return { settled, done: false };
  }
  return { settled, done: true };
}

type Lot = { account_id: AccountId; id: string; credits: bigint; at: string };

/** In the order of the index `grants_expiry`. In hours, for days have 23 to 25 of them in the database's zone. */
async function expiringLots({ kind, after, within }: Window, limit: number, last: Lot | undefined) {
  const { rows } = await db().execute<Lot>(sql`
    select g.account_id, g.id, g.remaining as credits, g.expires_at::text as at
    from grants g
    where g.open and g.remaining > 0 and g.source <> 'plan'
      and g.expires_at > (select money_now()) + make_interval(hours => 24 * ${after}::int)
      and g.expires_at <= (select money_now()) + make_interval(hours => 24 * ${within}::int)
      and g.created_at < g.expires_at - make_interval(hours => 24 * ${within}::int)
      and (g.expires_at, g.account_id, g.id) >
        (${last?.at ?? "-infinity"}::timestamptz, ${last?.account_id ?? ""}, ${last?.id ?? ""})
      and not exists (
        select from notices n where n.account_id = g.account_id and n.kind = ${kind}
          and n.until >= g.expires_at and n.created_at >= g.created_at
      )
    order by g.expires_at, g.account_id, g.id limit ${limit}`);
  return rows;
}

async function tellOwners({ kind }: Window, lots: readonly Lot[]): Promise<number> {
  const byAccount = new Map<AccountId, { credits: bigint; first: Date; until: string }>();
  for (const { account_id, credits, at } of lots) {
    const known = byAccount.get(account_id) ?? { credits: 0n, first: new Date(at), until: at };
    byAccount.set(account_id, { ...known, credits: known.credits + credits, until: at });
  }
  let told = 0;
  for (const [accountId, { credits, first, until }] of byAccount) {
    const write = (reader: Reader, key: string) => expiringMail(reader, { credits, at: first, key });
    if (await tell(accountId, { kind, choice: "expiring", until, write })) told += 1;
  }
  return told;
}

type Charged = Pick<Outcome, "accountId" | "credits" | "available" | "repeated">;

/**
 * To be told what a charge left: asks for a notice when it made the balance low. Nothing is asked of the
 * database otherwise.
 */
export async function noteCharge({ accountId, credits, available, repeated }: Charged): Promise<void> {
  const low = BigInt(config().LOW_BALANCE_CREDITS);
  if (repeated || available >= low || available + credits < low) return;
  try {
    await enqueue(db(), "credits.lowBalance", { accountId }, { key: `credits.lowBalance:${accountId}` });
  } catch (error) {
    // What was charged stands, with a notice or without.
    log().warn({ err: error, account: accountId }, "could not ask for a notice of a low balance");
  }
}

/** Tells that the balance is low, if it still is: `{ accountId }`. */
export const noticeLowBalance: Task = async (payload) => {
  const { accountId } = z.object({ accountId: z.string() }).parse(payload);
  if (!isId("account", accountId)) throw new Error("credits.lowBalance needs an accountId");
  const { available } = await readBalance(db(), accountId);
  if (available >= BigInt(config().LOW_BALANCE_CREDITS)) return;
  const write = (reader: Reader, key: string) => lowBalanceMail(reader, { credits: available, key });
  await tell(accountId, { kind: "lowBalance", choice: "lowBalance", until: null, write });
};

type Reader = Pick<typeof users.$inferSelect, "id" | "email" | "locale" | "timeZone">;
type Notice = {
  kind: (typeof notices.$inferInsert)["kind"];
  choice: Choosable;
  until: string | null;
  write: (reader: Reader, key: string) => ReturnType<typeof expiringMail>;
};

/** @returns false when nothing was written: not wanted, not confirmed, or told today already. */
async function tell(accountId: AccountId, { kind, choice, until, write }: Notice): Promise<boolean> {
  return db().transaction(async (tx) => {
    const reader = await findReader(tx, accountId);
    if (!reader) return false;
    const wanted = (await readMailChoices(tx, reader.id))[choice];
    const { rows } = await tx.execute<{ day: string }>(sql`
      insert into notices (account_id, kind, day, until, created_at)
      values (${accountId}, ${kind}, (money_now() at time zone 'UTC')::date, ${until}::timestamptz, money_now())
      on conflict do nothing returning day::text as day`);
    const [made] = rows;
    // Of what nobody wants to hear there is a row all the same, so that it is looked at once.
    if (!made || !wanted) return false;
    await sendMail(tx, await write(reader, `notice:${accountId}:${kind}:${made.day}`));
    return true;
  });
}

async function findReader(tx: Tx, accountId: Id<"account">): Promise<Reader | undefined> {
  const [reader] = await tx
    .select({ id: users.id, email: users.email, locale: users.locale, timeZone: users.timeZone })
    .from(accounts)
    .innerJoin(users, and(eq(accounts.ownerType, "user"), eq(users.id, sql`${accounts.ownerId}`)))
    .where(and(eq(accounts.id, accountId), users.emailVerified));
  return reader;
}
