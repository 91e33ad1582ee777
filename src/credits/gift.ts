import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { maxCredits } from "#ledger";
import { type ActRequest, actOnce } from "#platform/act-once";
import { recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { moneyNow } from "#platform/money-clock";
import { enqueue } from "#platform/queue";
import { Refusal } from "#platform/refusal";
import { gifts, users } from "#schema";

/**
 * Credits given to a whole segment: who is in it is written down as somebody confirms it, and jobs give each of
 * them theirs (gift-jobs.ts). What is not spent can be taken back.
 */

/**
 * People as a query: `account_id`, `confirmed`, `suspended` of each. Whoever asks says who they are; credits know
 * no filters.
 */
export type Segment = SQL;

export type GiftRow = typeof gifts.$inferSelect;

export type NewGift = {
  /** What staff call it. */
  name: string;
  /** What each person gets. */
  credits: bigint;
  /** When they expire; null is never. */
  expiresAt: Date | null;
  /** The segment's filter, to be shown again. */
  filter: Record<string, string>;
};

/** The most credits for one person and in all; null: any number. */
export type GiftLimits = { each: bigint; total: bigint } | null;

export type GiftPreview = {
  /** How many would get something: their address is confirmed, and they are not suspended. */
  people: number;
  unconfirmed: number;
  suspended: number;
  /** Credits in all. */
  total: bigint;
};

/**
 * What a gift would come to now.
 * @throws Refusal adjustment_too_large, gift_too_large above the limits
 */
export async function previewGift(
  { credits }: Pick<NewGift, "credits">,
  segment: Segment,
  limits: GiftLimits,
): Promise<GiftPreview> {
  const { rows } = await db().execute<Omit<GiftPreview, "total">>(sql`
    select count(*) filter (where ${isGiven})::int as people,
      count(*) filter (where not s.confirmed and not s.suspended)::int as unconfirmed,
      count(*) filter (where s.suspended)::int as suspended
    from (${segment}) s`);
  const [counted] = rows;
  if (!counted) throw new Error("A count is a row.");
  const total = credits * BigInt(counted.people);
  requireWithin(credits, total, limits);
  return { ...counted, total };
}

const isGiven = sql`s.account_id is not null and s.confirmed and not s.suspended`;

const begun = z.object({ id: z.custom<Id<"gift">>((id) => typeof id === "string") });

/**
 * Gives everybody of a segment, as it is now, credits: with its line in the audit log and the job that does it.
 * @param people how many it was shown to be for: it may have become fewer, not more
 * @throws Refusal segment_changed when it is for more people by now, adjustment_too_large, gift_too_large,
 *   invalid_request when there is nobody, idempotency_conflict
 */
export async function giveGift(
  wanted: NewGift & { people: number },
  segment: Segment,
  { limits, ...request }: ActRequest & { limits: GiftLimits },
): Promise<{ id: Id<"gift">; repeated: boolean }> {
  const { name, credits, expiresAt, filter, people } = wanted;
  const content = [name, `${credits}`, expiresAt?.getTime() ?? null, people, JSON.stringify(filter)];
  return db().transaction((tx) =>
    actOnce(tx, request, ["gift.give", ...content], begun, async () => {
      const id = newId("gift");
      const given = { id, name, credits, expiresAt, filter, people, createdBy: request.by.id };
      await tx.insert(gifts).values({ ...given, createdAt: await moneyNow(tx) });
      const counted = await writeDown(tx, id, segment);
      requireFewer(counted, people);
      requireWithin(credits, credits * BigInt(counted), limits);
      await tx.update(gifts).set({ people: counted }).where(eq(gifts.id, id));
      await recordAct(tx, {
        ...{ by: request.by, reason: request.reason },
        ...{ action: "gift.give", object: { type: "gift", id } },
        after: { people: counted, credits, total: credits * BigInt(counted), expiresAt },
      });
      await enqueue(tx, "credits.gift", { giftId: id }, { key: `credits.gift:${id}` });
      return { id };
    }),
  );
}

async function writeDown(tx: Tx, id: Id<"gift">, segment: Segment): Promise<number> {
  const { rowCount } = await tx.execute(sql`
    insert into gift_people (gift_id, account_id)
    select ${id}, s.account_id from (${segment}) s where ${isGiven}`);
  return rowCount ?? 0;
}

function requireFewer(counted: number, shown: number): void {
  if (counted > shown) throw new Refusal("segment_changed", { people: counted });
  if (counted === 0) {
    throw new Refusal("invalid_request", { errors: [{ path: "filter", message: "Nobody is in it." }] });
  }
}

/**
 * Whoever has limits gives no more to one, nor in all; nobody more than an account can have.
 * @throws Refusal adjustment_too_large, gift_too_large
 */
export function requireWithin(credits: bigint, total: bigint, limits: GiftLimits): void {
  if (limits && credits > limits.each) {
    throw new Refusal("adjustment_too_large", { limit: Number(limits.each) });
  }
  const most = limits ? limits.total : maxCredits;
  if (total > most) throw new Refusal("gift_too_large", { limit: Number(most), total: Number(total) });
}

/**
 * Takes back what is not spent of a gift, and stops giving it. A gift that was taken back stays so.
 * @throws Refusal not_found, idempotency_conflict
 */
export async function undoGift(
  id: Id<"gift">,
  request: ActRequest,
): Promise<{ id: Id<"gift">; repeated: boolean }> {
  return db().transaction((tx) =>
    actOnce(tx, request, ["gift.undo", id], begun, async () => {
      const gift = await lockGift(tx, id);
      if (!gift) throw new Refusal("not_found");
      if (gift.undoneAt) return { id };
      await tx
        .update(gifts)
        .set({ undoneAt: await moneyNow(tx), undoneBy: request.by.id })
        .where(eq(gifts.id, id));
      await recordAct(tx, {
        ...{ by: request.by, reason: request.reason },
        ...{ action: "gift.undo", object: { type: "gift", id } },
        before: { given: gift.given, credits: gift.credits },
        after: { left: (await readGiftRest(tx, id)).left },
      });
      await enqueue(tx, "credits.undoGift", { giftId: id }, { key: `credits.undoGift:${id}` });
      return { id };
    }),
  );
}

/** The gift, kept as it is until the transaction ends: whoever gives or takes any of it holds this lock. */
export async function lockGift(tx: Tx, id: Id<"gift">): Promise<GiftRow | undefined> {
  const [gift] = await tx.select().from(gifts).where(eq(gifts.id, id)).for("update");
  return gift;
}

export type GiftView = GiftRow & { createdByMail: string | null };

/** A page's end, from which the next goes on. */
export type GiftCursor = { at: Date; id: string };

/** Gifts, the newest first. */
export async function listGifts({
  limit,
  before,
}: {
  limit: number;
  before?: GiftCursor | undefined;
}): Promise<{ gifts: GiftView[]; next: GiftCursor | null }> {
  const isBefore =
    before &&
    sql`(${gifts.createdAt}, ${gifts.id}) < (${before.at.toISOString()}::timestamptz, ${before.id})`;
  const rows = await select(isBefore, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { gifts: page, next: rows.length > limit && last ? { at: last.createdAt, id: last.id } : null };
}

/** What is left of a gift's lots: unspent, and on hold for runs that go on. */
export type GiftRest = { left: bigint; held: bigint; peopleLeft: number };

/** One gift, with what is left of it. @throws Refusal not_found */
export async function requireGift(id: Id<"gift">): Promise<GiftView & GiftRest> {
  const [gift] = await select(eq(gifts.id, id), 1);
  if (!gift) throw new Refusal("not_found");
  return { ...gift, ...(await readGiftRest(db(), id)) };
}

async function readGiftRest(queryable: Pick<Tx, "execute">, id: Id<"gift">): Promise<GiftRest> {
  const { rows } = await queryable.execute<{ left: bigint; held: bigint; people_left: number }>(sql`
    select coalesce(sum(g.remaining) filter (where ${isUnexpired}), 0)::int8 as left,
      coalesce(sum(g.held), 0)::int8 as held,
      count(*) filter (where g.remaining > 0 and ${isUnexpired})::int as people_left
    from gift_people p join grants g on g.account_id = p.account_id and g.id = p.grant_id
    where p.gift_id = ${id} and p.status = 'given'`);
  const [rest] = rows;
  return { left: rest?.left ?? 0n, held: rest?.held ?? 0n, peopleLeft: rest?.people_left ?? 0 };
}

const isUnexpired = sql`(g.expires_at is null or g.expires_at > (select money_now()))`;

function select(where: SQL | undefined, limit: number): Promise<GiftView[]> {
  return db()
    .select({ gift: gifts, createdByMail: users.email })
    .from(gifts)
    .leftJoin(users, eq(users.id, gifts.createdBy))
    .where(and(where))
    .orderBy(desc(gifts.createdAt), desc(gifts.id))
    .limit(limit)
    .then((rows) => rows.map(({ gift, createdByMail }) => ({ ...gift, createdByMail })));
}
