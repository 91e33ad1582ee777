import { type SQL, sql } from "drizzle-orm";
import { costCurrency } from "./catalogue";
import { type MetricQuery, type MetricRange, periodIn, within } from "./metric-query";

/**
 * The metrics of what runs bring in and cost: a query each, in the currency in which models are paid. What was paid in
 * another is in no revenue here, nor the part of the cost that went with it in a margin: there is no rate between them.
 */

const ours = sql`currency in (${costCurrency}, 'none')`;
/** Millionths of a dollar in cents. */
const cost = sql`cost / 10000`;
const margin = sql`revenue - ${cost}`;

function ofTool({ filters }: MetricRange): SQL {
  return filters.tool === undefined ? sql`true` : sql`tool = ${filters.tool}`;
}

const by =
  (series: SQL, value: SQL, which: SQL = ours): MetricQuery =>
  (range) =>
    sql`
    select ${periodIn(range, sql`day`)}, ${series}, sum(${value}), null::int8, null::int8
    from margin_days where ${within(range, sql`day`)} and ${which} and ${ofTool(range)} group by 1, 2`;

export const costByTool = by(sql`tool`, cost, sql`cost > 0`);
/** A tool without a model has no name for it. */
const model = sql`case model when 'none' then 'noModel' else model end`;
export const costByModel = by(model, cost, sql`cost > 0`);
export const revenueByTool = by(sql`tool`, sql`revenue`);
export const marginByTool = by(sql`tool`, margin);
export const marginByModel = by(model, margin);

/** So many customers have a series of their own; the others share one. */
const mostCustomers = 20;

/** Of the customers with the largest margins of the range, in either direction. Whole months. */
export const marginByCustomer: MetricQuery = (range) => sql`
  with named as (
    select account_id, row_number() over (order by abs(sum(${margin})) desc, account_id) as place
    from margin_months where day between ${range.begin}::date and ${range.last}::date and ${ours} and account_id <> 'other' group by 1)
  select m.day, coalesce(a.owner_id, 'other'), sum(${margin}), null::int8, null::int8
  from margin_months m
  left join named n on n.account_id = m.account_id and n.place <= ${mostCustomers}
  left join accounts a on a.id = n.account_id
  where ${within(range, sql`m.day`)} and ${ours} group by 1, 2`;
