import { sql } from "drizzle-orm";
import { clearDays, dayIn, type Range, type Rollup } from "./rollup";

/** The roll-ups of the tab Product, and of runs for the tab Technical. */

/** A run may wait for a day, and then works for hours at most: after so many days it has ended. */
const runDays = 2;

/** Runs by the day they were begun, by tool; those of visitors too, which cost nothing. */
export const toolDays: Rollup = {
  name: "tool_days",
  reachDays: runDays,
  earliest: sql`select min(created_at) from runs`,
  make: (range) => [
    clearDays("tool_days", range),
    sql`
      insert into tool_days (day, tool, runs, succeeded, failed, canceled, credits, timed, run_ms, wait_ms)
      select ${dayIn(range, sql`created_at`)}, tool, count(*),
        count(*) filter (where status = 'succeeded'), count(*) filter (where status = 'failed'),
        count(*) filter (where status = 'canceled'), coalesce(sum(charged), 0),
        count(*) filter (where started_at is not null and ended_at is not null),
        coalesce(sum(extract(epoch from ended_at - started_at) * 1000)
          filter (where started_at is not null and ended_at is not null), 0)::int8,
        coalesce(sum(extract(epoch from started_at - created_at) * 1000)
          filter (where started_at is not null and ended_at is not null), 0)::int8
      from runs where created_at >= ${range.start} and created_at < ${range.end} and trial is null
      group by 1, 2`,
  ],
};

/** What becomes of those who sign up counts for so many days. */
const funnelReach = 30;

/**
 * The day of the first event that is kept: what was counted of the days before stays, for nothing could count it
 * again.
 */
const firstKept = (range: Range) => sql`
  coalesce((select min(${dayIn(range, sql`occurred_at`)}) from product_events), 'infinity'::date)`;

/**
 * The way from a visit to a payment. Visits are counted by their day; the steps after it for those who signed up
 * on the day, whenever within thirty days they came that far.
 */
export const funnelDays: Rollup = {
  name: "funnel_days",
  reachDays: funnelReach,
  earliest: sql`
    select least((select min(created_at) from users), (select min(occurred_at) from product_events))`,
  make: (range) => [
    sql`
      delete from funnel_days
      where day between ${range.first}::date and ${range.last}::date
        and (step not in ('visit', 'outOfCredits') or day >= ${firstKept(range)})`,
    sql`
      insert into funnel_days (day, step, people)
      select ${dayIn(range, sql`occurred_at`)}, 'visit', count(distinct visitor)
      from product_events
      where name = 'page_viewed' and visitor is not null
        and occurred_at >= ${range.start} and occurred_at < ${range.end}
      group by 1`,
    sql`
      insert into funnel_days (day, step, people)
      select day, step, count(*) from (
        select ${dayIn(range, sql`u.created_at`)} as day, u.created_at + make_interval(days => ${funnelReach}) as until,
          u.email_verified, u.id, a.id as account
        from users u left join accounts a on a.owner_type = 'user' and a.owner_id = u.id
        where u.role = 'user' and u.created_at >= ${range.start} and u.created_at < ${range.end}
      ) as p
      cross join lateral (
        select 'signup' as step
        union all select 'verified' where p.email_verified
        union all select 'firstRun' where exists (
          select from runs r where r.account_id = p.account and r.status = 'succeeded' and r.trial is null and r.created_at < p.until)
        union all select 'outOfCredits' where p.day >= ${firstKept(range)} and exists (
          select from product_events e
          where e.user_id = p.id and e.name = 'out_of_credits' and e.occurred_at < p.until)
        union all select 'paid' where exists (
          select from invoices i where i.account_id = p.account and i.paid_at < p.until and i.total_cents > 0)
      ) as s
      group by 1, 2`,
  ],
};

/** Features that were used, and searches that found nothing. */
export const usageDays: Rollup = {
  name: "usage_days",
  reachDays: 0,
  earliest: sql`select min(occurred_at) from product_events`,
  make: (range) => [
    clearDays("usage_days", range),
    sql`
      insert into usage_days (day, name, what, events)
      select ${dayIn(range, sql`occurred_at`)}, name,
        coalesce(properties ->> 'feature', lower(properties ->> 'query'), ''), count(*)
      from product_events
      where name in ('feature_used', 'search_without_result')
        and occurred_at >= ${range.start} and occurred_at < ${range.end}
      group by 1, 2, 3`,
  ],
};
