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

/** How `mrr_levels` stood at the end of each period: nothing before the first movement, no row without any. */
function levels(range: MetricRange): SQL {
  const columns = ["mrr", "customers", "left", ...movements];
  return sql`
    select e.period, e.last_day, ${sql.raw(columns.map((name) => `coalesce(l."${name}", 0) as "${name}"`).join(", "))}
    from (${ends(range)}) as e
    left join lateral (
      select * from mrr_levels where ${chosen(range)} and day <= e.last_day order by day desc limit 1) as l on true
    where exists (select from mrr_levels where ${chosen(range)})`;
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
    const rest = fact === "plan" ? sql`country = ${country}` : sql`plan = ${plan}`;
    const own = range.filters[fact];
    const which = sql`currency = ${currency} and ${rest} and ${own ? sql`${column} = ${own}` : sql`${column} <> ${every}`}`;
    const stood = (line: SQL, day: SQL) => sql`
      select mrr from mrr_levels where currency = ${currency} and ${rest} and ${column} = ${line} and day <= ${day}
      order by day desc limit 1`;
    return sql`
    with known as (
      select line, coalesce((${stood(sql`line`, sql`${range.last}::date`)}), 0) as mrr
      from (select distinct ${column} as line from mrr_levels where ${which}) as k),
    ranked as (select line, row_number() over (order by mrr desc, line) as place from known),
    ends as (select * from (${ends(range)}) as e where period >= ${range.first}::date),
    shown as (
      select e.period, r.line, coalesce((${stood(sql`r.line`, sql`e.last_day`)}), 0) as mrr
      from ends e cross join ranked r where r.place <= ${mostLines})
    select period, line, mrr, null::int8, null::int8 from shown
    union all
    select e.period, 'other',
      coalesce((${stood(sql`${every}`, sql`e.last_day`)}), 0) - (select sum(mrr) from shown s where s.period = e.period),
      null::int8, null::int8
    from ends e where (select count(*) from known) > ${mostLines}`;
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
