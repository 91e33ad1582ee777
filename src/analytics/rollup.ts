import { type SQL, sql } from "drizzle-orm";
import { addDays, dayOf } from "#format";
import { config } from "#platform/config";
import { db, type Queryable, type Tx } from "#platform/db";
import { moneyNow } from "#platform/money-clock";
import { type Days, earlierDay, periodOf, shiftPeriod } from "./calendar";

/**
 * Roll-ups: tables of days, made from the tables in which the site writes what happens. Making a day deletes what
 * was there and writes it anew, so doing it twice changes nothing, and doing all anew gives what doing it day by
 * day gave (rollup.test.ts).
 */
export type Rollup = {
  /** Its table's name, or that of its first table. */
  name: string;
  /**
   * So many days before a day may still change by what happens on it: whoever signed up six days ago may run
   * something for the first time today.
   */
  reachDays: number;
  /** The earliest moment that its sources know: a timestamptz, null when they are empty. */
  earliest: SQL;
  /** Statements that make these days, one after another. */
  make: (range: Range) => readonly SQL[];
  /** The earliest moment of which something was recorded since, a timestamptz; for what may be recorded late. */
  late?: (since: Date) => SQL;
};

/** Days to be made or read, in the operator's zone. */
export type Range = Days & {
  zone: string;
  /** The moments at which they begin and end: timestamptz. */
  start: SQL;
  end: SQL;
};

export function rangeOf({ first, last }: Days, zone: string): Range {
  const midnight = (day: string) => sql`(${day}::date::timestamp at time zone ${zone}::text)`;
  return { first, last, zone, start: midnight(first), end: midnight(addDays(last, 1)) };
}

/** The day of a timestamptz in the range's zone, as a date. */
export function dayIn({ zone }: Pick<Range, "zone">, moment: SQL): SQL {
  // As a literal: PostgreSQL takes two parameters for two expressions, of which it groups by one only.
  return sql`((${moment}) at time zone ${sql.raw(`'${zone.replaceAll("'", "''")}'`)})::date`;
}

/** Deletes a table's rows of these days. */
export function clearDays(table: string, { first, last }: Days): SQL {
  return sql`delete from ${sql.identifier(table)} where day between ${first}::date and ${last}::date`;
}

/** What was written a moment before we looked may have been committed a moment after. */
const overlapMs = 10 * 60_000;

/** Brings roll-ups up to now: the days since the last time, and those that came late. */
export async function rollUp(rollups: readonly Rollup[]): Promise<void> {
  for (const rollup of rollups) await bringUpToDate(rollup);
}

/** Makes all days of these anew. `tell` hears what is being made. */
export async function rebuild(
  rollups: readonly Rollup[],
  tell: (rollup: string, from: string) => void = () => undefined,
): Promise<void> {
  for (const rollup of rollups) await makeAll(rollup, (from) => tell(rollup.name, from));
}

type State = { zone: string; asOf: Date; madeAt: Date };

async function bringUpToDate(rollup: Rollup): Promise<void> {
  const zone = config().TIME_ZONE;
  const known = await readState(db(), rollup.name);
  if (!known || known.zone !== zone) return makeAll(rollup, () => undefined);
  const late = rollup.late
    ? await moment(db(), rollup.late(new Date(known.madeAt.getTime() - overlapMs)))
    : null;
  const from = late && late < known.asOf ? late : known.asOf;
  await makeFrom(rollup, addDays(dayOf(from, zone), -rollup.reachDays), zone, () => undefined);
}

async function makeAll(rollup: Rollup, tell: (from: string) => void): Promise<void> {
  const zone = config().TIME_ZONE;
  const earliest = (await moment(db(), rollup.earliest)) ?? (await moneyNow(db()));
  await makeFrom(rollup, dayOf(earliest, zone), zone, tell);
}

/** Makes every day from this one to today, a quarter of a year in a transaction. */
async function makeFrom(
  rollup: Rollup,
  from: string,
  zone: string,
  tell: (from: string) => void,
): Promise<void> {
  for (let first = from; ; ) {
    const end = addDays(shiftPeriod(periodOf(first, "month"), "month", 3), -1);
    tell(first);
    const done = await db().transaction(async (tx) => {
      const { now, madeAt } = await takeTurn(tx, rollup.name);
      const today = dayOf(now, zone);
      const last = earlierDay(end, today);
      if (first <= last) {
        for (const statement of rollup.make(rangeOf({ first, last }, zone))) await tx.execute(statement);
      }
      if (end < today) return false;
      await writeState(tx, rollup.name, { zone, asOf: now, madeAt });
      return true;
    });
    if (done) return;
    first = addDays(end, 1);
  }
}

/** One process at a time makes a roll-up. @returns what the clocks show once it is our turn */
async function takeTurn(tx: Tx, name: string): Promise<{ now: Date; madeAt: Date }> {
  const { rows } = await tx.execute<{ now: string; made_at: string }>(sql`
    with turn as materialized (select pg_advisory_xact_lock(hashtextextended(${`rollup:${name}`}, 0)))
    select money_now() as now, clock_timestamp() as made_at from turn`);
  const [row] = rows;
  if (!row) throw new Error("The database does not tell the time.");
  return { now: new Date(row.now), madeAt: new Date(row.made_at) };
}

async function moment(queryable: Queryable, expression: SQL): Promise<Date | null> {
  const { rows } = await queryable.execute<{ at: string | null }>(sql`select (${expression}) as at`);
  const at = rows[0]?.at;
  return at ? new Date(at) : null;
}

/** Up to when a roll-up was made; null when it never was. */
export async function readState(queryable: Queryable, name: string): Promise<State | null> {
  const { rows } = await queryable.execute<{ zone: string; as_of: string; made_at: string }>(
    sql`select zone, as_of, made_at from rollups where name = ${name}`,
  );
  const [row] = rows;
  return row ? { zone: row.zone, asOf: new Date(row.as_of), madeAt: new Date(row.made_at) } : null;
}

async function writeState(tx: Tx, name: string, { zone, asOf, madeAt }: State): Promise<void> {
  await tx.execute(sql`
    insert into rollups (name, zone, as_of, made_at)
    values (${name}, ${zone}, ${asOf.toISOString()}::timestamptz, ${madeAt.toISOString()}::timestamptz)
    on conflict (name) do update
    set zone = excluded.zone, as_of = excluded.as_of, made_at = excluded.made_at`);
}
