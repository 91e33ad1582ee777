import { sql } from "drizzle-orm";
import { clearDays, dayIn, type Rollup } from "./rollup";

/** The roll-up of the ledger's journal. */

/** Carrying over grants anew what has expired: neither is a sale, nor a loss. */
const kind = sql.raw(`
  case when kind = 'issued' and cause = 'rollover' then 'carried' when kind = 'issued' then 'granted' else kind end`);
const tool = sql.raw(
  "case when kind <> 'consumed' then 'none' when cause like 'tool:%' then substr(cause, 6) else 'other' end",
);

export const creditDays: Rollup = {
  name: "credit_days",
  // What was written at midnight is committed after it.
  reachDays: 1,
  earliest: sql`select min(created_at) from entries`,
  // A plan that we hear of late was the customer's since its day.
  late: (since) =>
    sql`select min(at) from subscription_changes where recorded_at >= ${since.toISOString()}::timestamptz`,
  make: (range) => [
    clearDays("credit_days", range),
    sql`
      insert into credit_days (day, kind, source, plan, tool, credits)
      with moved as materialized (
        select account_id, ${dayIn(range, sql`created_at`)} as day, ${kind} as kind, source, ${tool} as tool,
          sum(abs(credits)) as credits
        from entries where created_at >= ${range.start} and created_at < ${range.end}
        group by 1, 2, 3, 4, 5),
      plans as (
        select s.*, coalesce(p.plan_id, 'free') as plan
        from (select distinct account_id, day from moved where kind = 'consumed') as s
        left join lateral (
          select plan_id from (
            select distinct on (c.subscription_id) c.plan_id, c.status, c.at from subscription_changes c
            where c.account_id = s.account_id and c.at < ((s.day + 1)::timestamp at time zone ${range.zone}::text)
            order by c.subscription_id, c.at desc, c.id desc) as known
          where status in ('trialing', 'active', 'past_due') order by at desc limit 1) as p on true)
      select m.day, m.kind, m.source, coalesce(p.plan, 'none'), m.tool, sum(m.credits)
      from moved m
      left join plans p on m.kind = 'consumed' and p.account_id = m.account_id and p.day = m.day
      group by 1, 2, 3, 4, 5`,
  ],
};
