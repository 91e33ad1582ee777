import { type SQL, sql } from "drizzle-orm";
import { type MetricQuery, type MetricRange, periodIn, within } from "./metric-query";

/** The metrics of credits: a query each. */

/** A lot's source, by the name of its series; some words mean something else in other metrics. */
const source = sql.raw(`
  case source when 'signup' then 'welcome' when 'plan' then 'planCredits' when 'top-up' then 'top_up'
    when 'referral' then 'referralCredits' else source end`);

function chosen({ filters: { tool, plan } }: MetricRange): SQL {
  return sql.join(
    [sql`true`, ...(tool ? [sql`tool = ${tool}`] : []), ...(plan ? [sql`plan = ${plan}`] : [])],
    sql` and `,
  );
}

const consumed =
  (series: SQL): MetricQuery =>
  (range) =>
    sql`
    select ${periodIn(range, sql`day`)}, ${series}, sum(credits), null::int8, null::int8
    from credit_days where kind = 'consumed' and ${within(range, sql`day`)} and ${chosen(range)} group by 1, 2`;

export const creditsByTool = consumed(sql`tool`);
export const creditsByPlan = consumed(sql`plan`);
export const creditsBySource = consumed(source);

/** Of what was granted, the part that expired unused and was not carried over, by source. */
export const breakage: MetricQuery = (range) => sql`
  select ${periodIn(range, sql`day`)}, ${source},
    coalesce(sum(case kind when 'expired' then credits when 'carried' then -credits end), 0),
    coalesce(sum(credits) filter (where kind = 'granted'), 0), null::int8
  from credit_days where kind in ('granted', 'expired', 'carried') and ${within(range, sql`day`)} group by 1, 2`;
