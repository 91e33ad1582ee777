import { type SQL, sql } from "drizzle-orm";
import { clearDays, dayIn, type Range, type Rollup } from "./rollup";

/**
 * The roll-ups of what runs brought in and what their models cost. A run's revenue is that of the credits it was
 * charged: of each lot that they were taken from, what was paid for the lot ÷ its credits; nothing for a lot that was
 * given. Its cost goes to the currencies of its lots by their credits.
 */

/** A run waits for a day, and works for hours, before it is charged. */
const reachDays = 2;
const earliest = sql`select min(created_at) from runs`;

/** Rows of day, account_id, tool, model, currency, revenue and cost: a run has one for each lot, and at least one. */
function parts(range: Range): SQL {
  return sql`
    begun as materialized (
      select id, account_id, tool, coalesce(model, 'none') as model, coalesce(cost_micros, 0)::numeric as cost,
        ${dayIn(range, sql`created_at`)} as day
      from runs
      where created_at >= ${range.start} and created_at < ${range.end} and trial is null
        and (charged > 0 or cost_micros > 0)),
    taken as materialized (
      select b.id, b.day, b.account_id, b.tool, b.model, b.cost, coalesce(lower(p.currency), 'none') as currency,
        -e.credits::numeric as credits, coalesce(p.amount * -e.credits::numeric / g.credits, 0) as revenue
      from begun b
      join entries e on e.reference_type = 'run' and e.reference_id = b.id and e.account_id = b.account_id
        and e.kind = 'consumed' and e.created_at >= ${range.start}
        and e.created_at < ${range.end} + interval '3 days'
          + greatest((select shift from money_clock), interval '0')
      join grants g on g.account_id = e.account_id and g.id = e.grant_id
      left join lot_payments p on p.account_id = e.account_id and p.grant_id = e.grant_id),
    parts as (
      select day, account_id, tool, model, currency, revenue,
        cost * credits / sum(credits) over (partition by id) as cost
      from taken
      union all
      select day, account_id, tool, model, 'none', 0, cost from begun b
      where cost > 0 and not exists (select from taken t where t.id = b.id))`;
}

/** Sums are rounded, so that they are the same in whatever order they are added up. */
const sums = sql`round(sum(revenue), 6), round(sum(cost), 6)`;

export const marginDays: Rollup = {
  name: "margin_days",
  ...{ reachDays, earliest },
  make: (range) => [
    clearDays("margin_days", range),
    sql`
      insert into margin_days (day, tool, model, currency, revenue, cost)
      with ${parts(range)}
      select day, tool, model, currency, ${sums} from parts group by 1, 2, 3, 4`,
  ],
};

/** So many customers of a month are kept by name: those who brought in or cost the most. */
const mostCustomers = 200;
const size = sql`sum(revenue + cost / 10000)`;

export const marginMonths: Rollup = {
  name: "margin_months",
  ...{ reachDays, earliest },
  // A month is made whole, whichever of its days is asked for.
  make: (range) => {
    const first = sql`date_trunc('month', ${range.first}::date::timestamp)`;
    const next = sql`date_trunc('month', ${range.last}::date::timestamp) + interval '1 month'`;
    const whole: Range = {
      ...range,
      start: sql`((${first}) at time zone ${range.zone}::text)`,
      end: sql`((${next}) at time zone ${range.zone}::text)`,
    };
    return [
      sql`delete from margin_months where day >= (${first})::date and day < (${next})::date`,
      sql`
        insert into margin_months (day, account_id, currency, revenue, cost)
        with ${parts(whole)},
        months as (
          select date_trunc('month', day::timestamp)::date as day, account_id, currency, sum(revenue) as revenue,
            sum(cost) as cost
          from parts where account_id is not null group by 1, 2, 3),
        ranked as (
          select day, account_id, row_number() over (partition by day order by ${size} desc, account_id) as place
          from months group by day, account_id)
        select day, case when place <= ${mostCustomers} then account_id else 'other' end, currency, ${sums}
        from months join ranked using (day, account_id) group by 1, 2, 3`,
    ];
  },
};
