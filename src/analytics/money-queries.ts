import { type SQL, sql } from "drizzle-orm";
import { type MetricQuery, type MetricRange, periodIn, within } from "./metric-query";
import { movements } from "./money-rollups";

/** The metrics of the tab Money: a query each, in the currency that is chosen. docs/metrics.md defines them. */

const every = "all";

/** The rows of `mrr_levels` and `payment_days` for the currency, plan and country asked for. */
function chosen({ filters }: MetricRange): SQL {
  const { currency = every, plan = every, country = every } = filters;
  return sql`currency = ${currency} and plan = ${plan} and country = ${country}`;
}

/** The same for roll-ups that keep no rows for all. */
function chosenFrom({ filters }: MetricRange): SQL {
  const { plan, currency, country } = filters;
  return sql.join(
    [
      sql`true`,
      ...(currency ? [sql`currency = ${currency}`] : []),
      ...(plan ? [sql`plan = ${plan}`] : []),
      ...(country ? [sql`country = ${country}`] : []),
    ],
    sql` and `,
  );
}

/** The range's periods, and the one before them, each with its last day. The range begins with a whole period. */
function ends({ first, last, grain }: MetricRange): SQL {
  const step = sql.raw(`interval '1 ${grain}'`);
  return sql`
    select at::date as period, least((at + ${step})::date - 1, ${last}::date) as last_day
    from generate_series(${first}::date::timestamp - ${step}, ${last}::date::timestamp, ${step}) as s (at)`;
}

/**
 * How `mrr_levels` stood at the end of each period, for each line: nothing before its first movement. One range of the
 * key for each line, whose last row of a period holds until there is another.
 * @param lines a query of the lines: of one column, `line`
 * @param which that a row is of the line
 */
function standing(range: MetricRange, lines: SQL, which: SQL, columns: readonly string[]): SQL {
  const names = sql.raw(columns.map((name) => `"${name}"`).join(", "));
  const held = columns.map((name) => `coalesce(first_value("${name}") over held, 0) as "${name}"`).join(", ");
  const begin = sql`(select min(period) from ends)`;
  return sql`
    with ends as materialized (${ends(range)}),
    lines as materialized (${lines}),
    found as (
      select line, day, ${names} from lines cross join mrr_levels
      where ${which} and day >= ${begin} and day <= ${range.last}::date
      union all
      select line, before.* from lines cross join lateral (
        select day, ${names} from mrr_levels where ${which} and day < ${begin} order by day desc limit 1) as before),
    lasts as (
      select distinct on (line, period) line, greatest(${periodIn(range, sql`day`)}, ${begin}) as period, day, ${names}
      from found order by line, period, day desc),
    filled as (
      select line, period, e.last_day, ${names}, count(l.day) over (partition by line order by period) as place
      from (select * from lines cross join ends) as e left join lasts l using (line, period))
    select line, period, last_day, ${sql.raw(held)}
    from filled window held as (partition by line, place order by period)`;
}

/** The same for what is chosen, as one line; no row without any movement. */
function levels(range: MetricRange): SQL {
  const one = sql`select ${every}::text as line where exists (select from mrr_levels where ${chosen(range)})`;
  return standing(range, one, chosen(range), ["mrr", "customers", "left", ...movements]);
}

const level =
  (value: SQL, per: SQL = sql`null::int8`): MetricQuery =>
  (range) =>
    sql`
    select period, 'all', ${value}, ${per}, null::int8
    from (${levels(range)}) as e where period >= ${range.first}::date`;

export const mrr = level(sql`mrr`);
export const arr = level(sql`mrr * 12`);
export const payingCustomers = level(sql`customers`);
export const arpu = level(sql`mrr`, sql`customers`);

/** Movements. Transfers come to nothing unless a plan or a country is chosen. */
export const mrrMovements: MetricQuery = (range) => sql`
  select period, kind, cents, null::int8, null::int8
  from (
    select e.period, m.kind, m.total - lag(m.total) over (partition by m.kind order by e.period) as cents
    from (${levels(range)}) as e
    cross join lateral (values ${sql.raw(movements.map((kind) => `('${kind}', e."${kind}")`).join(", "))}) as m (kind, total)
  ) as moved
  where period >= ${range.first}::date and cents <> 0`;

/** What left in each period, of what was there at its begin. `total` is a running total. */
const leaving =
  (total: SQL, there: SQL): MetricQuery =>
  (range) =>
    sql`
    select period, 'all', lost, there, customers
    from (
      select period, ${total} - lag(${total}) over w as lost, lag(${there}) over w as there, lag(customers) over w as customers
      from (${levels(range)}) as e window w as (order by period)) as d
    where period >= ${range.first}::date`;

export const customerChurn = leaving(sql`"left"`, sql`customers`);
export const revenueChurn = leaving(sql`-(churn + contraction)`, sql`mrr`);

/** ARPU through a month's customer churn, of the 90 days to each period's end. */
export const ltv: MetricQuery = (range) => sql`
  select e.period, 'all', e.mrr::float8 * b.customers * 3, e.customers::float8 * (e."left" - b."left"), e."left" - b."left"
  from (${levels(range)}) as e
  cross join lateral (
    select * from mrr_levels where ${chosen(range)} and day <= e.last_day - 90 order by day desc limit 1) as b
  where e.period >= ${range.first}::date and b.customers > 0 and e.customers > 0`;

export const netRetention: MetricQuery = (range) => sql`
  with kept as (
    select day, sum(cents) as cents from mrr_months where ${chosenFrom(range)} and ${within(range, sql`day`)} group by 1)
  select d.period, 'all', d.there + coalesce(k.cents, 0), d.there, d.customers
  from (
    select period, lag(mrr) over w as there, lag(customers) over w as customers
    from (${levels(range)}) as e window w as (order by period)) as d
  left join kept k on k.day = d.period
  where d.period >= ${range.first}::date and d.there > 0`;

/** So many plans or countries have a line of their own; the others share one. */
const mostLines = 8;

/** Revenue at each period's end by plan or country: of the largest at the end, and of the others together. */
const mrrBy =
  (fact: "plan" | "country"): MetricQuery =>
  (range) => {
    const { currency = every, plan = every, country = every } = range.filters;
    const column = sql.identifier(fact);
    const rest = sql`currency = ${currency} and ${fact === "plan" ? sql`country = ${country}` : sql`plan = ${plan}`}`;
    const own = range.filters[fact];
    const largest = sql`
      select line from (
        select distinct ${column} as line from mrr_levels
        where ${rest} and ${own ? sql`${column} = ${own}` : sql`${column} <> ${every}`}) as known
      order by coalesce((
        select mrr from mrr_levels where ${rest} and ${column} = line and day <= ${range.last}::date
        order by day desc limit 1), 0) desc, line
      limit ${mostLines}`;
    const lines = own ? largest : sql`(${largest}) union all select ${every}::text`;
    const other = sql`2 * max(mrr) filter (where line = ${every}) - sum(mrr)`;
    return sql`
      with stood as (select * from (${standing(range, lines, sql`${rest} and ${column} = line`, ["mrr"])}) as s
        where period >= ${range.first}::date)
      select period, line, mrr, null::int8, null::int8 from stood where line <> ${every}
      union all
      select period, 'other', rest, null::int8, null::int8
      from (select period, ${other} as rest, bool_or(${other} <> 0) over () as wanted from stood group by period) as others
      where wanted`;
  };

export const mrrByPlan = mrrBy("plan");
export const mrrByCountry = mrrBy("country");

export const trialConversion: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, 'all', sum(converted), sum(converted + lost), null::int8
  from trial_days where ${within(range, sql`day`)} and ${chosenFrom(range)}
  group by 1 having sum(converted + lost) > 0`;

export const trials: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, 'all', sum(started), null::int8, null::int8
  from trial_days where ${within(range, sql`day`)} and ${chosenFrom(range)} group by 1`;

const payments =
  (series: SQL, which: SQL): MetricQuery =>
  (range) =>
    sql`
    select ${periodIn(range, sql`day`)}, ${series}, sum(cents), null::int8, null::int8
    from payment_days where ${chosen(range)} and ${within(range, sql`day`)} and ${which} group by 1, 2`;

export const moneyIn = payments(sql`reason`, sql`kind = 'paid'`);
export const oneTimeSales = payments(sql`reason`, sql`kind = 'paid' and reason <> 'subscription'`);
export const refunds = payments(sql`'all'`, sql`kind = 'refunded'`);
export const failedPayments = payments(sql`kind`, sql`kind in ('failed', 'recovered')`);
