import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Task } from "graphile-worker";
import { z } from "zod";
import { type AccountId, applyCommands, type Command, type GrantId, LedgerFault } from "#ledger";
import { announce } from "#platform/changes";
import { db, type Tx } from "#platform/db";
import { type Id, isId, newId } from "#platform/id";
import { log } from "#platform/log";
import { moneyNow } from "#platform/money-clock";
import { Refusal } from "#platform/refusal";
import { accounts, giftPeople, gifts, users } from "#schema";
import { type GiftRow, lockGift } from "./gift";

/**
 * The jobs that give a gift and take it back, some people at a time: each time the gift's row is locked, what is
 * given or taken, who got it and how far it has come are committed together. So a job may die anywhere, be begun
 * anew or run twice at once, and everybody is given theirs once. The ledger's keys say the same again.
 */

const atOnce = 200;

/** Gives everybody who waits theirs: `{ giftId }`. */
export const giveTask: Task = async (payload, { abortSignal }) => {
  const giftId = giftOf(payload);
  while (await giveSome(giftId, atOnce)) stopWhen(abortSignal);
};

/** Takes back what is unspent: `{ giftId }`. */
export const undoTask: Task = async (payload, { abortSignal }) => {
  const giftId = giftOf(payload);
  while (await takeSome(giftId, atOnce)) stopWhen(abortSignal);
};

function giftOf(payload: unknown): Id<"gift"> {
  const { giftId } = z.object({ giftId: z.string() }).parse(payload);
  if (!isId("gift", giftId)) throw new Error("a gift's job needs a giftId");
  return giftId;
}

function stopWhen(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Error("the process is stopping");
}

/** @returns false when nobody waits any more */
async function giveSome(giftId: Id<"gift">, most: number): Promise<boolean> {
  const tried = new Set<AccountId>();
  try {
    return await giveBatch(giftId, most, { tried });
  } catch (error) {
    // Somebody has as many credits as an account can, or their books are broken. Fewer at once, until it is clear
    // who; the others get theirs.
    const isFull = error instanceof Refusal && error.code === "invalid_request";
    if (!isFull && !(error instanceof LedgerFault)) throw error;
    if (most > 1) return giveSome(giftId, Math.ceil(most / 4));
    if (!isFull) log().error({ err: error, giftId, leftOut: [...tried] }, "a gift left out a broken account");
    // By name: another job may have left them out by now, and it is somebody else's turn.
    return giveBatch(giftId, 1, { leftOut: tried });
  }
}

type Turn = { accountId: AccountId; stays: boolean };

/** Gives some theirs, but whoever is `leftOut`. @param options.tried is told who were to get something */
async function giveBatch(
  giftId: Id<"gift">,
  most: number,
  { tried, leftOut }: { tried?: Set<AccountId>; leftOut?: ReadonlySet<AccountId> },
): Promise<boolean> {
  const given = await db().transaction(async (tx) => {
    const gift = await lockGift(tx, giftId);
    if (!gift || gift.givenAt || gift.undoneAt) return null;
    const turns = await nextInLine(tx, giftId, most);
    if (turns.length === 0) {
      await tx
        .update(gifts)
        .set({ givenAt: await moneyNow(tx) })
        .where(eq(gifts.id, giftId));
      return null;
    }
    const staying = turns.filter(({ stays, accountId }) => stays && !leftOut?.has(accountId));
    const getting = staying.map(({ accountId }) => accountId);
    for (const accountId of getting) tried?.add(accountId);
    const lots = getting.map((accountId) => ({ accountId, grantId: newId("grant") }));
    await note(tx, giftId, lots, turns.length - lots.length, turns);
    await applyCommands(
      tx,
      lots.map((lot) => grantOf(gift, lot)),
    );
    return getting;
  });
  for (const owner of given ?? []) announce({ owner, balance: true });
  return given !== null;
}

function grantOf(
  { id, credits, expiresAt }: GiftRow,
  { accountId, grantId }: { accountId: AccountId; grantId: GrantId },
): Command {
  const why = { source: "promo", cause: "gift", reference: { type: "admin", id } } as const;
  return { verb: "grant", accountId, grantId, key: `gift:${id}`, credits, expiresAt, ...why };
}

/** Whose turn it is, in the order of their ids; who is suspended or has gone by now is left out. */
async function nextInLine(tx: Tx, giftId: Id<"gift">, most: number): Promise<Turn[]> {
  const waiting = await tx
    .select({ accountId: giftPeople.accountId })
    .from(giftPeople)
    .where(and(eq(giftPeople.giftId, giftId), eq(giftPeople.status, "waiting")))
    .orderBy(asc(giftPeople.accountId))
    .limit(most);
  const ids = waiting.map(({ accountId }) => accountId);
  if (ids.length === 0) return [];
  const owners = await tx
    .select({ accountId: accounts.id, suspendedAt: users.suspendedAt })
    .from(accounts)
    .innerJoin(users, and(eq(accounts.ownerType, "user"), eq(accounts.ownerId, users.id)))
    .where(inArray(accounts.id, ids))
    .for("share", { of: users });
  const staying = new Set(owners.flatMap((owner) => (owner.suspendedAt ? [] : [owner.accountId])));
  return ids.map((accountId) => ({ accountId, stays: staying.has(accountId) }));
}

async function note(
  tx: Tx,
  giftId: Id<"gift">,
  lots: readonly { accountId: AccountId; grantId: GrantId }[],
  leftOut: number,
  turns: readonly Turn[],
): Promise<void> {
  const all = sql.param(turns.map(({ accountId }) => accountId));
  const [getting, grantIds] = [lots.map((lot) => lot.accountId), lots.map((lot) => lot.grantId)];
  await tx.execute(sql`
    update gift_people p set grant_id = l.grant_id, status = case when l.grant_id is null then 'left_out' else 'given' end
    from unnest(${all}::text[]) t (account_id)
      left join unnest(${sql.param(getting)}::text[], ${sql.param(grantIds)}::text[]) l (account_id, grant_id) using (account_id)
    where p.gift_id = ${giftId} and p.account_id = t.account_id`);
  await tx
    .update(gifts)
    .set({ given: sql`${gifts.given} + ${lots.length}`, leftOut: sql`${gifts.leftOut} + ${leftOut}` })
    .where(eq(gifts.id, giftId));
}

type Rest = { account_id: AccountId; grant_id: GrantId; left: bigint };

/** @returns false when all is taken */
async function takeSome(giftId: Id<"gift">, most: number): Promise<boolean> {
  const taken = await db().transaction(async (tx) => {
    const gift = await lockGift(tx, giftId);
    if (!gift?.undoneAt || gift.takenAt) return null;
    const rests = await restsOf(tx, giftId, most);
    if (rests.length === 0) {
      await end(tx, giftId);
      return null;
    }
    const [ids, credits] = [rests.map((rest) => rest.account_id), rests.map((rest) => `${rest.left}`)];
    await tx.execute(sql`
      update gift_people p set status = 'undone', taken = t.credits
      from unnest(${sql.param(ids)}::text[], ${sql.param(credits)}::int8[]) t (account_id, credits)
      where p.gift_id = ${giftId} and p.account_id = t.account_id`);
    const sum = rests.reduce((all, rest) => all + rest.left, 0n);
    await tx
      .update(gifts)
      .set({ undone: sql`${gifts.undone} + ${rests.length}`, taken: sql`${gifts.taken} + ${sum}` })
      .where(eq(gifts.id, giftId));
    const unspent = rests.filter((rest) => rest.left > 0n);
    await applyCommands(
      tx,
      unspent.map((rest) => reversalOf(giftId, rest)),
    );
    return unspent.map((rest) => rest.account_id);
  });
  for (const owner of taken ?? []) announce({ owner, balance: true });
  return taken !== null;
}

function reversalOf(id: Id<"gift">, { account_id: accountId, grant_id: grantId, left }: Rest): Command {
  const why = { cause: "gift", reference: { type: "admin", id } } as const;
  return { verb: "reverse", accountId, grantId, key: `gift:${id}:undo`, credits: left, ...why };
}

/**
 * What is unspent of the next lots, with their accounts locked as the ledger locks them: it stays so until the
 * commit. What runs hold is not among it, nor what has expired.
 */
async function restsOf(tx: Tx, giftId: Id<"gift">, most: number): Promise<Rest[]> {
  const next = await tx
    .select({ accountId: giftPeople.accountId })
    .from(giftPeople)
    .where(and(eq(giftPeople.giftId, giftId), eq(giftPeople.status, "given")))
    .orderBy(asc(giftPeople.accountId))
    .limit(most);
  const ids = next.map(({ accountId }) => accountId);
  if (ids.length === 0) return [];
  await tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(inArray(accounts.id, ids))
    .orderBy(asc(accounts.id))
    .for("update");
  const { rows } = await tx.execute<Rest>(sql`
    select p.account_id, p.grant_id,
      (case when g.expires_at <= greatest(money_now(), a.changed_at) then 0 else g.remaining end)::int8 as left
    from gift_people p
      join accounts a on a.id = p.account_id
      join grants g on g.account_id = p.account_id and g.id = p.grant_id
    where p.gift_id = ${giftId} and p.account_id = any(${sql.param(ids)}::text[])
    order by p.account_id`);
  return rows;
}

/** Whoever had not had their turn gets nothing. */
async function end(tx: Tx, giftId: Id<"gift">): Promise<void> {
  const { rowCount } = await tx
    .update(giftPeople)
    .set({ status: "left_out" })
    .where(and(eq(giftPeople.giftId, giftId), eq(giftPeople.status, "waiting")));
  await tx
    .update(gifts)
    .set({ takenAt: await moneyNow(tx), leftOut: sql`${gifts.leftOut} + ${rowCount ?? 0}` })
    .where(eq(gifts.id, giftId));
}
