import { type SQL, sql } from "drizzle-orm";
import { db, type Queryable } from "#platform/db";
import { firstId } from "#platform/id";
import { unitNames } from "./names";
import { perCount, type Rates } from "./price";

/**
 * What runs on record would have earned under other rates: each run keeps what its price counted, so one query
 * prices a month of them anew, by the rule of price.ts said in SQL (a test holds the two together).
 */

/** Of more runs than that about half as many are looked at, chosen by a hash of their ids. */
const mostLookedAt = 200_000;
const mostChanges = 12;

export const periods = ["lastMonth", "last30Days"] as const;
export type Period = (typeof periods)[number];

export type PriceChange = { charged: number; would: number; runs: number };

/** Credits and numbers of runs; of a sample they are estimates for all. */
export type Simulation = {
  from: Date;
  /** Before. */
  to: Date;
  /** Runs that were delivered and can be priced anew. */
  runs: number;
  /** Runs that were charged before what their price counts was recorded. */
  uncounted: number;
  /** How many runs of the period were looked at, of how many; null when all were. */
  sample: { size: number; of: number } | null;
  earned: number;
  would: number;
  dearer: number;
  same: number;
  cheaper: number;
  /** By how much the sum changes most, with as many as fit a screen. */
  changes: PriceChange[];
};

/** Prices a tool's runs of a period by these rates. Tests by staff and visitors' runs are not among them. */
export async function simulatePrice(
  slug: string,
  rates: Rates,
  period: Period,
  { now = new Date(), mostRuns = mostLookedAt } = {},
): Promise<Simulation> {
  const { from, to } = boundsOf(period, now);
  const within = sql`tool = ${slug} and id >= ${firstId("run", from)} and id < ${firstId("run", to)}`;
  return db().transaction(async (tx) => {
    const all = await countRuns(tx, within);
    const every = all > mostRuns ? Math.ceil((all * 2) / mostRuns) : 1;
    const chosen =
      every === 1 ? within : sql`${within} and hashtextextended(id, 0) % ${sql.raw(`${every}`)} = 0`;
    const size = every === 1 ? all : await countRuns(tx, chosen);
    const groups = await priceGroups(tx, chosen, rates);
    const sample = every === 1 ? null : { size, of: all };
    return { from, to, sample, ...summed(groups, size > 0 ? all / size : 1) };
  });
}

type Group = { charged: number; would: number | null; runs: number };

async function priceGroups(tx: Queryable, chosen: SQL, rates: Rates): Promise<Group[]> {
  const { rows } = await tx.execute<Group>(sql`
    with chosen as materialized (select id from runs where ${chosen}),
    delivered as (
      select charged, units from runs join chosen using (id)
      where trial is null and (status = 'succeeded' or charged > 0) and (units is not null or charged > 0)
    )
    select charged::float8, would::float8, count(*)::int as runs
    from (
      select charged, case when units is not null then ${creditsOf(rates)} end as would from delivered
    ) priced
    group by charged, would`);
  return rows;
}

/** `priceUnits` in SQL, over the column `units`. */
function creditsOf(rates: Rates): SQL {
  const lines = unitNames.flatMap((unit) => {
    const rate = rates[unit];
    const counted = sql`coalesce((units ->> ${unit})::numeric, 0)`;
    return rate === undefined
      ? []
      : [sql`round(${counted} * ${rate}::numeric / ${perCount(unit)}::numeric, 6)`];
  });
  const whole = sql`ceil(${lines.length > 0 ? sql.join(lines, sql` + `) : sql`0`})`;
  const { minimum = 0, maximum, maximumPerFile } = rates;
  const ofFiles =
    maximumPerFile === undefined
      ? sql`null`
      : sql`${maximumPerFile}::numeric * coalesce((units ->> 'files')::numeric, 0)`;
  // LEAST and GREATEST leave out what is null.
  return sql`greatest(least(${whole}, ${maximum ?? null}::numeric, ${ofFiles}), ${minimum}::numeric)`;
}

function summed(groups: readonly Group[], factor: number): Omit<Simulation, "from" | "to" | "sample"> {
  const changes = groups.flatMap(({ charged, would, runs }) =>
    would === null ? [] : [{ charged, would, runs: Math.round(runs * factor) }],
  );
  const total = (of: (change: PriceChange) => number) => changes.reduce((sum, each) => sum + of(each), 0);
  const runsThat = (is: (change: PriceChange) => boolean) => total((each) => (is(each) ? each.runs : 0));
  const weight = ({ charged, would, runs }: PriceChange) => Math.abs(would - charged) * runs;
  const uncounted = groups.reduce((sum, { would, runs }) => sum + (would === null ? runs : 0), 0);
  return {
    runs: total(({ runs }) => runs),
    uncounted: Math.round(uncounted * factor),
    earned: total(({ charged, runs }) => charged * runs),
    would: total(({ would, runs }) => would * runs),
    dearer: runsThat(({ charged, would }) => would > charged),
    same: runsThat(({ charged, would }) => would === charged),
    cheaper: runsThat(({ charged, would }) => would < charged),
    changes: changes.sort((a, b) => weight(b) - weight(a) || b.runs - a.runs).slice(0, mostChanges),
  };
}

async function countRuns(tx: Queryable, chosen: SQL): Promise<number> {
  const { rows } = await tx.execute<{ n: number }>(sql`select count(*)::int as n from runs where ${chosen}`);
  return rows[0]?.n ?? 0;
}

/** The calendar month before this one, or the thirty days that end with yesterday; in UTC, as the ledger counts. */
function boundsOf(period: Period, now: Date): { from: Date; to: Date } {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  return period === "lastMonth"
    ? { from: new Date(Date.UTC(year, month - 1)), to: new Date(Date.UTC(year, month)) }
    : { from: new Date(Date.UTC(year, month, day - 30)), to: new Date(Date.UTC(year, month, day)) };
}
