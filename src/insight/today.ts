import { sql } from "drizzle-orm";
import type { Right } from "#identity";
import { db, type Queryable } from "#platform/db";
import { firstId } from "#platform/id";
import { bucketColumns, percentile } from "./response-store";
import { bounded, type Settled, settle } from "./settled";

/**
 * Today beside the same weekday a week ago, up to the same hour. Days are those of the reader's zone. What
 * sells and spends is counted by money's clock, the rest by the wall's: they differ in development alone.
 */

/** From, and up to but not including. */
export type Span = { from: Date; to: Date };
export type Days = { today: Span; before: Span; moneyToday: Span; moneyBefore: Span };

/** Amounts in a currency's smallest unit. */
export type Amount = { currency: string; cents: number };

type Beside<T> = { today: T; before: T };

export type RunFigures = {
  /** Customers who ran something. */
  customers: number;
  succeeded: number;
  failed: number;
  /** Of those that succeeded, in seconds; null without any. */
  p95Seconds: number | null;
};

/** Of answers under /api/v1, in milliseconds; null without any. */
export type ApiFigures = { p95Ms: number | null };

export type CreditFigures = { sold: number; used: number; expired: number; outstanding: number };

export type Today = {
  signUps: Beside<number>;
  runs: Beside<RunFigures>;
  api: Beside<ApiFigures>;
  queue: { waiting: number; oldestAt: Date | null };
  recurring: { today: Amount[] };
  moneyIn: Beside<Amount[]>;
  credits: Beside<CreditFigures>;
};

export type Part = keyof Today;
export type SettledToday = { [P in Part]?: Settled<Today[P]> };

const parts: { [P in Part]: { right: Right; read: (q: Queryable, days: Days) => Promise<Today[P]> } } = {
  signUps: { right: "office.enter", read: beside(signUps) },
  runs: { right: "office.enter", read: beside(runFigures) },
  api: { right: "office.enter", read: beside(apiFigures) },
  queue: { right: "office.enter", read: queue },
  recurring: { right: "ledger.read", read: recurring },
  moneyIn: { right: "ledger.read", read: besideInMoney(moneyIn) },
  credits: { right: "ledger.read", read: credits },
};

/**
 * The figures that this person may see; each fails alone.
 * @param timeZone of IANA
 */
export async function readToday(
  timeZone: string,
  may: (right: Right) => boolean,
): Promise<{ days: Days; parts: SettledToday }> {
  const days = await readDays(db(), timeZone);
  const read = async <P extends Part>(part: P): Promise<Settled<Today[P]> | undefined> =>
    may(parts[part].right)
      ? settle<Today[P]>(
          `today.${part}`,
          bounded(db(), (tx) => parts[part].read(tx, days)),
        )
      : undefined;
  const [signUps, runs, api, queue, recurring, moneyIn, credits] = await Promise.all([
    ...([read("signUps"), read("runs"), read("api"), read("queue")] as const),
    ...([read("recurring"), read("moneyIn"), read("credits")] as const),
  ]);
  return {
    days,
    parts: {
      ...(signUps && { signUps }),
      ...(runs && { runs }),
      ...(api && { api }),
      ...(queue && { queue }),
      ...(recurring && { recurring }),
      ...(moneyIn && { moneyIn }),
      ...(credits && { credits }),
    },
  };
}

async function readDays(queryable: Queryable, zone: string): Promise<Days> {
  const span = (clock: string) => sql`
    date_trunc('day', ${sql.raw(clock)} at time zone ${zone}) at time zone ${zone} as from,
    ${sql.raw(clock)} as to,
    (date_trunc('day', ${sql.raw(clock)} at time zone ${zone}) - interval '7 days') at time zone ${zone} as before`;
  const read = async (clock: string): Promise<Beside<Span>> => {
    const { rows } = await queryable.execute<Record<"from" | "to" | "before", Date | string>>(
      sql`select ${span(clock)}`,
    );
    const [row] = rows;
    if (!row) throw new Error("The database does not say what time it is.");
    const [from, to, before] = [new Date(row.from), new Date(row.to), new Date(row.before)];
    const gone = to.getTime() - from.getTime();
    return { today: { from, to }, before: { from: before, to: new Date(before.getTime() + gone) } };
  };
  const [wall, money] = [await read("now()"), await read("money_now()")];
  return { ...wall, moneyToday: money.today, moneyBefore: money.before };
}

function beside<T>(read: (queryable: Queryable, span: Span) => Promise<T>) {
  return async (queryable: Queryable, { today, before }: Days): Promise<Beside<T>> => ({
    today: await read(queryable, today),
    before: await read(queryable, before),
  });
}

function besideInMoney<T>(read: (queryable: Queryable, span: Span) => Promise<T>) {
  return (queryable: Queryable, { moneyToday, moneyBefore, ...days }: Days) =>
    beside(read)(queryable, { ...days, moneyToday, moneyBefore, today: moneyToday, before: moneyBefore });
}

async function signUps(queryable: Queryable, { from, to }: Span): Promise<number> {
  const { rows } = await queryable.execute<{ count: number }>(sql`
    select count(*)::int as count from users where id >= ${firstId("user", from)} and id < ${firstId("user", to)}`);
  return rows[0]?.count ?? 0;
}

/** Of the runs that began in the span: its ids are a range of the key. */
async function runFigures(queryable: Queryable, { from, to }: Span): Promise<RunFigures> {
  const { rows } = await queryable.execute<
    Record<"customers" | "succeeded" | "failed", number> & { p95: number | null }
  >(sql`
    select count(distinct account_id)::int as customers,
      count(*) filter (where status = 'succeeded')::int as succeeded,
      count(*) filter (where status = 'failed')::int as failed,
      percentile_cont(0.95) within group (order by extract(epoch from ended_at - started_at)::float8)
        filter (where status = 'succeeded') as p95
    from runs where id >= ${firstId("run", from)} and id < ${firstId("run", to)} and trial is null`);
  const { customers = 0, succeeded = 0, failed = 0, p95 = null } = rows[0] ?? {};
  return { customers, succeeded, failed, p95Seconds: p95 };
}

/** By whole hours, also the one that is not over. */
async function apiFigures(queryable: Queryable, { from, to }: Span): Promise<ApiFigures> {
  const { rows } = await queryable.execute<{ buckets: number[] }>(sql`
    select array[${bucketSums}]::float8[] as buckets from response_times
    where step = 'hour' and at >= ${from.toISOString()}::timestamptz and at < ${to.toISOString()}::timestamptz
      and starts_with(route, '/api/v1/')`);
  return { p95Ms: percentile(rows[0]?.buckets ?? [], 0.95) };
}

const bucketSums = sql.raw(bucketColumns.map((name) => `coalesce(sum(${name}), 0)`).join(", "));

async function queue(queryable: Queryable): Promise<Today["queue"]> {
  const { rows } = await queryable.execute<{ waiting: number; oldest: Date | string | null }>(sql`
    select count(*)::int as waiting, min(created_at) as oldest from runs where status = 'queued'`);
  const { waiting = 0, oldest = null } = rows[0] ?? {};
  return { waiting, oldestAt: oldest ? new Date(oldest) : null };
}

/** What subscriptions that are paid, or are still being asked to be, come to in a month. */
async function recurring(queryable: Queryable): Promise<Today["recurring"]> {
  const { rows } = await queryable.execute<Amount>(sql`
    select p.currency, sum(monthly_cents(s.status, s.surplus, p.interval, p.amount_cents))::float8 as cents
    from subscriptions s join prices p on p.id = s.price_id
    where monthly_cents(s.status, s.surplus, p.interval, p.amount_cents) > 0
    group by 1 order by 1`);
  return { today: rows };
}

async function moneyIn(queryable: Queryable, { from, to }: Span): Promise<Amount[]> {
  const { rows } = await queryable.execute<Amount>(sql`
    select currency, sum(total_cents)::float8 as cents from invoices
    where status = 'paid' and paid_at >= ${from.toISOString()}::timestamptz and paid_at < ${to.toISOString()}::timestamptz
      and total_cents > 0
    group by 1 order by 1`);
  return rows;
}

/** In the words of the money view (money.ts): what is carried over is no sale. */
async function credits(
  queryable: Queryable,
  { moneyToday, moneyBefore }: Days,
): Promise<Beside<CreditFigures>> {
  const { rows } = await queryable.execute<{ outstanding: number }>(
    sql`select coalesce(sum(available + held), 0)::float8 as outstanding from accounts`,
  );
  const outstanding = rows[0]?.outstanding ?? 0;
  const since = await queryable.execute<{ credits: number }>(sql`
    select coalesce(sum(credits), 0)::float8 as credits from entries
    where created_at >= ${moneyBefore.to.toISOString()}::timestamptz`);
  return {
    today: { ...(await moved(queryable, moneyToday)), outstanding },
    before: {
      ...(await moved(queryable, moneyBefore)),
      outstanding: outstanding - (since.rows[0]?.credits ?? 0),
    },
  };
}

async function moved(queryable: Queryable, { from, to }: Span): Promise<Omit<CreditFigures, "outstanding">> {
  const { rows } = await queryable.execute<Omit<CreditFigures, "outstanding">>(sql`
    select
      coalesce(sum(e.credits) filter (where e.kind = 'issued' and e.cause <> 'rollover' and p.grant_id is not null), 0)::float8 as sold,
      coalesce(-sum(e.credits) filter (where e.kind = 'consumed'), 0)::float8 as used,
      coalesce(-sum(e.credits) filter (where e.kind = 'expired'), 0)::float8 as expired
    from entries e left join lot_payments p
      on e.kind = 'issued' and p.account_id = e.account_id and p.grant_id = e.grant_id
    where e.created_at >= ${from.toISOString()}::timestamptz and e.created_at < ${to.toISOString()}::timestamptz`);
  return rows[0] ?? { sold: 0, used: 0, expired: 0 };
}
