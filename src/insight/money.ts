import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Queryable } from "#platform/db";
import type { Id } from "#platform/id";
import { lotPayments } from "#schema";

/**
 * The money view: what was sold and given, what became of it, and what is still owed. Credits that were
 * paid for are deferred revenue until they are consumed or expire; all outstanding ones are a liability. What
 * is carried over has expired and is there again, in credits and in money: it stands apart, for it is no sale.
 * Months are those of UTC. Kept as JSON with the proof of the same snapshot.
 */

const credits = z.int();
const month = z.string().regex(/^\d{4}-\d\d$/);

export const moneySchema = z.object({
  /** What entries moved, by month and source; none negative. */
  moved: z.array(
    z.object({
      month,
      source: z.string(),
      /** New credits; those of them that somebody paid for. */
      issued: credits,
      sold: credits.default(0),
      /** Credits of a plan that expired and were granted again for the period after it. */
      carried: credits.default(0),
      consumed: credits,
      expired: credits,
      reversed: credits,
    }),
  ),
  /** What lots still hold, by the month of their expiry (null: never), source and currency paid. */
  owed: z.array(
    z.object({
      month: month.nullable(),
      source: z.string(),
      credits,
      /** Null for lots that nobody paid for. */
      currency: z.string().nullable(),
      /** What was paid for exactly these credits, in the currency's smallest unit, rounded. */
      amount: z.int(),
    }),
  ),
  /** Amounts in the smallest unit, by currency and month; `deferred` at the month's end. */
  revenue: z.array(
    z.object({
      currency: z.string(),
      month,
      sold: z.int(),
      carried: z.int().default(0),
      consumed: z.int(),
      expired: z.int(),
      reversed: z.int(),
      deferred: z.int(),
    }),
  ),
});

export type Money = z.infer<typeof moneySchema>;

/** Reads it. Call it in a snapshot together with what it has to agree with. */
export async function readMoney(queryable: Queryable): Promise<Money> {
  const moved = await queryable.execute<Money["moved"][number]>(sql`
    select ${monthOf("e.created_at")} as month, e.source,
      coalesce(sum(e.credits) filter (where ${kindOf} = 'issued' and p.grant_id is not null), 0)::float8 as sold,
      ${sumOf("issued")}, ${sumOf("carried")}, ${sumOf("consumed")}, ${sumOf("expired")}, ${sumOf("reversed")}
    from entries e left join lot_payments p
      on e.kind = 'issued' and p.account_id = e.account_id and p.grant_id = e.grant_id
    group by 1, 2 order by 1, 2`);
  const owed = await queryable.execute<Money["owed"][number]>(sql`
    select ${monthOf("g.expires_at")} as month, g.source, p.currency,
      sum(g.remaining + g.held)::float8 as credits,
      coalesce(round(sum(p.amount::numeric * (g.remaining + g.held) / g.credits)), 0)::float8 as amount
    from grants g left join lot_payments p on p.account_id = g.account_id and p.grant_id = g.id
    where g.open group by 1, 2, 3 order by 1 nulls last, 2, 3`);
  const earned = await queryable.execute<Cumulated>(sql`
    select currency, month, kind,
      round(sum(amount) over (partition by currency, kind order by month))::float8 as total
    from (
      select p.currency, ${kindOf} as kind, ${monthOf("e.created_at")} as month,
        sum(p.amount::numeric * abs(e.credits) / g.credits) as amount
      from lot_payments p
        join grants g on g.account_id = p.account_id and g.id = p.grant_id
        join entries e on e.account_id = p.account_id and e.grant_id = p.grant_id
      group by 1, 2, 3
    ) as earned
    order by currency, month`);
  return moneySchema.parse({
    moved: moved.rows,
    owed: owed.rows,
    revenue: revenueByMonth(earned.rows),
  });
}

/** What was paid for a lot, without tax, in the currency's smallest unit; null for one that was given. */
export async function findLotPayment(
  queryable: Queryable,
  accountId: Id<"account">,
  grantId: Id<"grant">,
): Promise<{ currency: string; amount: bigint } | null> {
  const [found] = await queryable
    .select({ currency: lotPayments.currency, amount: lotPayments.amount })
    .from(lotPayments)
    .where(and(eq(lotPayments.accountId, accountId), eq(lotPayments.grantId, grantId)));
  return found ?? null;
}

/** What a kind of entry has come to since the beginning, at a month's end. */
export type Cumulated = {
  currency: string;
  month: string;
  kind: "issued" | "carried" | "consumed" | "expired" | "reversed";
  total: number;
};

/**
 * Months from running totals, which are what is rounded: so what was sold is to the last cent what was
 * consumed, expired, taken back and is still deferred.
 */
export function revenueByMonth(rows: readonly Cumulated[]): Money["revenue"] {
  const before = new Map<string, number>();
  const months = new Map<string, Money["revenue"][number]>();
  for (const { currency, month, kind, total } of rows) {
    const name = `${currency} ${month}`;
    const line = months.get(name) ?? {
      ...{ currency, month, sold: 0, carried: 0, consumed: 0, expired: 0, reversed: 0, deferred: 0 },
    };
    months.set(name, line);
    line[kind === "issued" ? "sold" : kind] = total - (before.get(`${currency} ${kind}`) ?? 0);
    before.set(`${currency} ${kind}`, total);
  }
  const deferred = new Map<string, number>();
  for (const line of months.values()) {
    const { currency, sold, carried, consumed, expired, reversed } = line;
    line.deferred = (deferred.get(currency) ?? 0) + sold + carried - consumed - expired - reversed;
    deferred.set(currency, line.deferred);
  }
  return [...months.values()];
}

function monthOf(column: string) {
  return sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM')`);
}

/** Carrying over issues what had expired; with it comes back what was paid for it. */
const kindOf = sql.raw(
  "(case when e.kind = 'issued' and e.cause = 'rollover' then 'carried' else e.kind end)",
);

function sumOf(kind: Cumulated["kind"]) {
  return sql`coalesce(sum(abs(e.credits)) filter (where ${kindOf} = ${sql.raw(`'${kind}'`)}), 0)::float8 as ${sql.raw(kind)}`;
}
