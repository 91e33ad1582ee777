import { type SQL, sql } from "drizzle-orm";
import { type MetricQuery, type MetricRange, periodIn, within } from "./metric-query";

/** The metrics of the tab Money: a query each, in the currency that is chosen. docs/metrics.md defines them. */

/** That a row is of the currency, plan and country asked for. */
function chosen({ filters }: MetricRange): SQL {
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

/**
 * Every day from the first of all to the range's last: how revenue (`mrr`) and paying customers (`customers`) stood
 * at its end, and what left on it.
 */
function days(range: MetricRange): SQL {
  return sql`
    select d.day::date as day, sum(coalesce(m.cents, 0)) over w as mrr, sum(coalesce(m.customers, 0)) over w as customers,
      coalesce(m.churned, 0) as churned, coalesce(m.lost, 0) as lost
    from generate_series(
      least((select min(day) from mrr_days), ${range.first}::date - 1)::timestamp, ${range.last}::date::timestamp,
      interval '1 day') as d (day)
    left join (
      select day, sum(cents) as cents, sum(customers) as customers,
        -coalesce(sum(customers) filter (where kind = 'churn'), 0) as churned,
        -coalesce(sum(cents) filter (where kind in ('churn', 'contraction')), 0) as lost
      from mrr_days where ${chosen(range)} and day <= ${range.last}::date group by day) as m on m.day = d.day::date
    window w as (order by d.day)`;
}

/** The last day of each period, and the day before its first. */
function ends(range: MetricRange): SQL {
  return sql`
    select ${periodIn(range, sql`day`)} as period, max(day) as last_day, min(day) - 1 as day_before
    from generate_series(${range.first}::date::timestamp, ${range.last}::date::timestamp, interval '1 day') as s (at),
      lateral (select at::date as day) as d
    group by 1`;
}

const level =
  (value: SQL, per: SQL = sql`null::int8`): MetricQuery =>
  (range) =>
    sql`
    with days as (${days(range)})
    select e.period, 'all', ${value}, ${per}, null::int8
    from (${ends(range)}) as e join days d on d.day = e.last_day
    where exists (select from mrr_days where ${chosen(range)})`;

export const mrr = level(sql`d.mrr`);
export const arr = level(sql`d.mrr * 12`);
export const payingCustomers = level(sql`d.customers`);
export const arpu = level(sql`d.mrr`, sql`d.customers`);

/** Movements; transfers come to nothing unless a plan or a country is chosen. */
export const mrrMovements: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, kind, sum(cents), null::int8, null::int8
  from mrr_days where ${within(range, sql`day`)} and ${chosen(range)}
    and (kind <> 'transfer' or ${range.filters.plan || range.filters.country ? sql`true` : sql`false`})
  group by 1, 2 having sum(cents) <> 0`;

/** What left in each period, of what was there at its begin. */
const leaving =
  (left: SQL, there: SQL): MetricQuery =>
  (range) =>
    sql`
    with days as (${days(range)})
    select e.period, 'all', sum(${left}), max(${there}) filter (where d.day = e.day_before), max(d.customers) filter (where d.day = e.day_before)
    from (${ends(range)}) as e join days d on d.day between e.day_before and e.last_day
    where exists (select from mrr_days where ${chosen(range)})
    group by 1`;

export const customerChurn = leaving(
  sql`case when d.day > e.day_before then d.churned else 0 end`,
  sql`d.customers`,
);
export const revenueChurn = leaving(sql`case when d.day > e.day_before then d.lost else 0 end`, sql`d.mrr`);

/** ARPU through a month's customer churn, of the 90 days to each period's end. */
export const ltv: MetricQuery = (range) => sql`
  with days as (${days(range)}),
  recent as (
    select *, sum(churned) over (order by day rows between 89 preceding and current row) as gone,
      lag(customers, 90) over (order by day) as base
    from days)
  select e.period, 'all', t.mrr::float8 * t.base * 3, t.customers::float8 * t.gone, t.gone
  from (${ends(range)}) as e join recent t on t.day = e.last_day
  where t.base > 0 and t.customers > 0`;

export const netRetention: MetricQuery = (range) => sql`
  with days as (${days(range)}),
  kept as (
    select day, sum(cents) as cents from mrr_months where ${chosen(range)} and ${within(range, sql`day`)} group by 1)
  select e.period, 'all', d.mrr + coalesce(k.cents, 0), d.mrr, d.customers
  from (${ends(range)}) as e join days d on d.day = e.day_before left join kept k on k.day = e.period
  where d.mrr > 0`;

/** Revenue by plan or country, at each period's end. */
const mrrBy =
  (column: SQL): MetricQuery =>
  (range) =>
    sql`
    select s.period, s.series, sum(coalesce(m.cents, 0)) over (partition by s.series order by s.period), null::int8, null::int8
    from (
      select e.period, k.series from (${ends(range)}) as e
      cross join (select distinct ${column} as series from mrr_days where ${chosen(range)} and day <= ${range.last}::date) as k) as s
    left join (
      select greatest(${periodIn(range, sql`day`)}, ${range.first}::date) as period, ${column} as series, sum(cents) as cents
      from mrr_days where ${chosen(range)} and day <= ${range.last}::date group by 1, 2) as m
      on m.period = s.period and m.series = s.series`;

export const mrrByPlan = mrrBy(sql`plan`);
export const mrrByCountry = mrrBy(sql`country`);

export const trialConversion: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, 'all', sum(converted), sum(converted + lost), null::int8
  from trial_days where ${within(range, sql`day`)} and ${chosen(range)}
  group by 1 having sum(converted + lost) > 0`;

export const trials: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, 'all', sum(started), null::int8, null::int8
  from trial_days where ${within(range, sql`day`)} and ${chosen(range)} group by 1`;

const payments =
  (series: SQL, which: SQL): MetricQuery =>
  (range) =>
    sql`
    select ${periodIn(range, sql`day`)}, ${series}, sum(cents), null::int8, null::int8
    from payment_days where ${within(range, sql`day`)} and ${chosen(range)} and ${which} group by 1, 2`;

export const moneyIn = payments(sql`reason`, sql`kind = 'paid'`);
export const oneTimeSales = payments(sql`reason`, sql`kind = 'paid' and reason <> 'subscription'`);
export const refunds = payments(sql`'all'`, sql`kind = 'refunded'`);
export const failedPayments = payments(sql`kind`, sql`kind in ('failed', 'recovered')`);
