import { type SQL, sql } from "drizzle-orm";
import { clearDays, dayIn, type Rollup } from "./rollup";

/** So many days after signing up, a first run still counts as activation. */
const activationDays = 7;

export const registrationDays: Rollup = {
  name: "registration_days",
  reachDays: activationDays,
  earliest: sql`select min(created_at) from users`,
  make: (range) => [
    clearDays("registration_days", range),
    sql`
      insert into registration_days (day, source, signups, activated)
      select ${dayIn(range, sql`u.created_at`)}, coalesce(s.source, 'unknown'), count(*),
        count(*) filter (where exists (
          select from accounts a join runs r on r.account_id = a.id
          where a.owner_type = 'user' and a.owner_id = u.id and r.trial is null
            and r.created_at < u.created_at + make_interval(days => ${activationDays})))
      from users u left join sign_up_sources s on s.user_id = u.id
      where u.created_at >= ${range.start} and u.created_at < ${range.end}
      group by 1, 2`,
  ],
};

export const accountDays: Rollup = {
  name: "account_days",
  reachDays: 0,
  earliest: sql`select min(created_at) from runs`,
  make: (range) => [
    clearDays("account_days", range),
    sql`
      insert into account_days (account_id, day, tool, runs)
      select account_id, ${dayIn(range, sql`created_at`)}, tool, count(*)
      from runs where created_at >= ${range.start} and created_at < ${range.end} and account_id is not null
        and trial is null
      group by 1, 2, 3`,
  ],
};

/** Whoever was away for more than so many days is resurrected when they come back. */
const awayDays = 30;

const earliestActivity = sql`select min(created_at) from runs`;

export const activeDays: Rollup = {
  name: "active_days",
  reachDays: 0,
  earliest: earliestActivity,
  make: (range) => [
    clearDays("active_days", range),
    sql`
      insert into active_days (day, tool, daily, weekly, monthly, first, resurrected)
      with presence as (
        select account_id, day, tool from account_days where day between ${range.first}::date - 29 and ${range.last}::date
        union
        select account_id, day, 'all' from account_days where day between ${range.first}::date - 29 and ${range.last}::date),
      -- Whoever is present counts from that day on, for 1, 7 or 30 days or until the next: where each begins and ends
      -- is enough, and what is open on a day is their running sum.
      stays as (
        select tool, width, day, coalesce(least(next, day + width), day + width) as until
        from (select *, lead(day) over (partition by tool, account_id order by day) as next from presence) as p
        cross join (values (1), (7), (30)) as w (width)),
      turns as (
        select tool, width, greatest(day, ${range.first}::date) as day, count(*) as delta from stays group by 1, 2, 3
        union all
        select tool, width, greatest(until, ${range.first}::date), -count(*) from stays group by 1, 2, 3),
      open as (
        select t.tool, t.width, d.day,
          sum(sum(coalesce(turns.delta, 0))) over (partition by t.tool, t.width order by d.day) as accounts
        from (select distinct tool, width from turns) as t
        cross join (select generate_series(${range.first}::date, ${range.last}::date, interval '1 day')::date as day) as d
        left join turns on turns.tool = t.tool and turns.width = t.width and turns.day = d.day
        group by 1, 2, 3),
      back as (
        select a.day, count(*) filter (where p.day is null) as first,
          count(*) filter (where a.day - p.day > ${awayDays}) as resurrected
        from (select distinct account_id, day from account_days
          where day between ${range.first}::date and ${range.last}::date) as a
        left join lateral (
          select day from account_days b where b.account_id = a.account_id and b.day < a.day
          order by b.day desc limit 1) as p on true
        group by 1)
      select o.day, o.tool, max(o.accounts) filter (where width = 1), max(o.accounts) filter (where width = 7),
        max(o.accounts) filter (where width = 30), coalesce(max(b.first), 0), coalesce(max(b.resurrected), 0)
      from open o left join back b on b.day = o.day and o.tool = 'all'
      group by 1, 2 having max(o.accounts) > 0`,
  ],
};

const grains = ["week", "month"] as const;

export const cohortPeriods: Rollup = {
  name: "cohort_periods",
  reachDays: 0,
  earliest: earliestActivity,
  // A week and a month are made whole, whichever of their days is asked for.
  make: (range) =>
    grains.flatMap((grain) => {
      const start = (day: SQL) => sql`date_trunc(${sql.raw(`'${grain}'`)}, (${day})::timestamp)::date`;
      const [first, last] = [start(sql`${range.first}::date`), start(sql`${range.last}::date`)];
      return [
        sql`delete from cohort_periods where grain = ${grain} and day between ${first} and ${last}`,
        sql`
          insert into cohort_periods (grain, cohort, day, active)
          select ${grain}, ${start(dayIn(range, sql`u.created_at`))}, ${start(sql`a.day`)}, count(distinct a.account_id)
          from account_days a
          join accounts c on c.id = a.account_id and c.owner_type = 'user'
          join users u on u.id = c.owner_id
          where a.day >= ${first} and a.day < ${last} + interval '1 ${sql.raw(grain)}'
          group by 1, 2, 3`,
      ];
    }),
};
