import { type SQL, sql } from "drizzle-orm";
import { dayIn, type Range, type Rollup } from "./rollup";

/** Roll-ups of subscriptions and payments, from the history that triggers write (db/sql/060_history.sql). */

const earliestChange = sql`select min(at) from subscription_changes`;
const lateChange = (since: Date): SQL =>
  sql`select min(at) from subscription_changes where recorded_at >= ${since.toISOString()}::timestamptz`;

const earliestPayment = sql`select min(at) from payment_changes`;

/** Deletes these days, and those before the first that history knows: play money leaves history with its customer. */
function clearDays(table: string, range: Range, earliest: SQL): SQL {
  return sql`
    delete from ${sql.identifier(table)}
    where day between ${range.first}::date and ${range.last}::date
      or day < ${dayIn(range, sql`coalesce((${earliest}), ${range.end})`)}`;
}

/** By currency, plan and country, and `all` of each. */
const facts = ["currency", "plan", "country"] as const;
const eachAndAll = sql.raw(facts.map((fact) => `coalesce(${fact}, 'all') as ${fact}`).join(", "));
const cube = sql.raw(`cube (${facts.join(", ")})`);

/** The kinds of movement; each has a column of `mrr_levels`. */
export const movements = [
  ...(["new", "expansion", "contraction", "churn", "reactivation", "transfer"] as const),
];

/** What `mrr_levels` keeps, as what a day adds to each. */
const added = [
  "sum(cents) as mrr, sum(customers) as customers",
  ...movements.map((kind) => `coalesce(sum(cents) filter (where kind = '${kind}'), 0) as "${kind}"`),
  `-coalesce(sum(customers) filter (where kind = 'churn'), 0) as "left"`,
].join(", ");
const totals = ["mrr", "customers", ...movements, "left"];

/** Goes on from what `mrr_levels` says of the day before the range. */
function insertLevels({ first, last }: Range): SQL {
  const columns = sql.raw(totals.map((name) => `"${name}"`).join(", "));
  const sums = sql.raw(
    totals.map((name) => `coalesce(b."${name}", 0) + sum(m."${name}") over since as "${name}"`).join(", "),
  );
  return sql`
    insert into mrr_levels (currency, plan, country, day, ${columns})
    with moved as (
      select ${eachAndAll}, day, ${sql.raw(added)}
      from mrr_days where day between ${first}::date and ${last}::date
      group by day, ${cube}),
    slices as (select distinct currency, plan, country from moved)
    select m.currency, m.plan, m.country, m.day, ${sums}
    from slices s
    left join lateral (
      select * from mrr_levels l
      where l.currency = s.currency and l.plan = s.plan and l.country = s.country and l.day < ${first}::date
      order by l.day desc limit 1) as b on true
    join moved m on m.currency = s.currency and m.plan = s.plan and m.country = s.country
    window since as (partition by m.currency, m.plan, m.country order by m.day)`;
}

/**
 * Day by day how each account's revenue stood after it: common table expressions `steps`, `parts` (what changed, by
 * plan, interval, currency and country) and `nets` (by account and currency, with what it was before and after).
 * Reads the whole history of those accounts, and theirs alone, to whom something happened in the range.
 */
function accountDays(range: Range): SQL {
  return sql`
    touched as (select distinct account_id from subscription_changes where at >= ${range.start} and at < ${range.end}),
    closing as (
      select distinct on (c.subscription_id, ${dayIn(range, sql`c.at`)})
        c.account_id, c.subscription_id, ${dayIn(range, sql`c.at`)} as day, c.currency, c.plan_id as plan,
        c."interval", coalesce(c.country, 'unknown') as country, c.monthly_cents as cents
      from subscription_changes c join touched using (account_id)
      where c.at < ${range.end}
      order by c.subscription_id, ${dayIn(range, sql`c.at`)}, c.at desc, c.id desc),
    steps as (
      select *, lag(currency) over w as was_currency, lag(plan) over w as was_plan, lag("interval") over w as was_interval,
        lag(country) over w as was_country, lag(cents) over w as was_cents
      from closing window w as (partition by subscription_id order by day)),
    parts as (
      select account_id, day, currency, plan, "interval", country, sum(delta) as delta, sum(presence) as presence
      from (
        select account_id, day, currency, plan, "interval", country, cents as delta, 1 as presence
        from steps where cents <> 0
        union all
        select account_id, day, was_currency, was_plan, was_interval, was_country, -was_cents, -1
        from steps where was_cents <> 0) as moved
      group by 1, 2, 3, 4, 5, 6 having sum(delta) <> 0 or sum(presence) <> 0),
    sums as (
      select account_id, currency, day, sum(delta) as net from parts group by 1, 2, 3),
    nets as (
      select *, sum(net) over (partition by account_id, currency order by day) - net as before,
        sum(net) over (partition by account_id, currency order by day) as after,
        min(day) over (partition by account_id) as first_day
      from sums)`;
}

export const mrrDays: Rollup = {
  name: "mrr_days",
  reachDays: 0,
  earliest: earliestChange,
  late: lateChange,
  make: (range) => [
    clearDays("mrr_days", range, earliestChange),
    clearDays("mrr_levels", range, earliestChange),
    sql`
      insert into mrr_days (day, currency, plan, "interval", country, kind, cents, customers)
      with ${accountDays(range)},
      kinds as (
        select *, case
          when before = 0 and after > 0 then case when day = first_day then 'new' else 'reactivation' end
          when before > 0 and after = 0 then 'churn'
          when net > 0 then 'expansion'
          when net < 0 then 'contraction' end as kind
        from nets),
      -- The part that moved furthest in the account's direction bears its movement; the rest went from part to part.
      ranked as (
        select p.*, k.kind, k.net, row_number() over (
          partition by p.account_id, p.currency, p.day
          order by p.delta * sign(k.net) desc, p.plan, p."interval", p.country) as place
        from parts p join kinds k using (account_id, currency, day)),
      moves as (
        select day, currency, plan, "interval", country, kind, net as cents,
          case kind when 'new' then 1 when 'reactivation' then 1 when 'churn' then -1 else 0 end as customers
        from ranked where place = 1 and kind is not null
        union all
        select day, currency, plan, "interval", country, 'transfer',
          delta - case when place = 1 and kind is not null then net else 0 end,
          presence - case when place > 1 then 0 when kind in ('new', 'reactivation') then 1 when kind = 'churn' then -1 else 0 end
        from ranked)
      select day, currency, plan, "interval", country, kind, sum(cents), sum(customers)
      from moves where day between ${range.first}::date and ${range.last}::date
      group by 1, 2, 3, 4, 5, 6
      having sum(cents) <> 0 or sum(customers) <> 0 or kind <> 'transfer'`,
    insertLevels(range),
  ],
};

export const mrrMonths: Rollup = {
  name: "mrr_months",
  reachDays: 0,
  earliest: earliestChange,
  late: lateChange,
  // A month is made whole, whichever of its days is asked for.
  make: (range) => {
    const months = sql`generate_series(date_trunc('month', ${range.first}::date::timestamp),
      ${range.last}::date::timestamp, interval '1 month')`;
    const whole: Range = {
      ...range,
      start: sql`(date_trunc('month', ${range.first}::date::timestamp) at time zone ${range.zone}::text)`,
      end: sql`((date_trunc('month', ${range.last}::date::timestamp) + interval '1 month') at time zone ${range.zone}::text)`,
    };
    return [
      sql`
        delete from mrr_months where day in (select month::date from ${months} as month)
          or day < date_trunc('month', ${dayIn(range, sql`coalesce((${earliestChange}), ${range.end})`)}::timestamp)::date`,
      sql`
        insert into mrr_months (day, currency, plan, country, cents)
        with ${accountDays(whole)},
        months as (select month::date as month, (month + interval '1 month')::date as next from ${months} as month),
        standing as (
          select m.month, p.account_id, p.currency, p.plan, p.country,
            sum(p.delta) filter (where p.day < m.month) as at_begin, sum(p.delta) as at_end
          from months m join parts p on p.day < m.next
          group by 1, 2, 3, 4, 5),
        accounts as (
          select *, sum(at_begin) over w as account_begin, sum(at_end) over w as account_end,
            row_number() over (w order by at_begin desc nulls last, plan, country) as place
          from standing window w as (partition by month, account_id, currency))
        select month, currency, plan, country, sum(account_end - account_begin)
        from accounts where place = 1 and account_begin > 0 and account_end <> account_begin
        group by 1, 2, 3, 4`,
    ];
  },
};

export const trialDays: Rollup = {
  name: "trial_days",
  reachDays: 0,
  earliest: earliestChange,
  late: lateChange,
  make: (range) => [
    clearDays("trial_days", range, earliestChange),
    sql`
      insert into trial_days (day, currency, plan, country, started, converted, lost)
      with touched as (
        select distinct subscription_id from subscription_changes where at >= ${range.start} and at < ${range.end}),
      steps as (
        select c.*, lag(c.status) over (partition by c.subscription_id order by c.at, c.id) as was
        from subscription_changes c join touched using (subscription_id) where c.at < ${range.end})
      select ${dayIn(range, sql`at`)}, currency, plan_id, coalesce(country, 'unknown'),
        count(*) filter (where status = 'trialing'),
        count(*) filter (where was = 'trialing' and monthly_cents > 0),
        count(*) filter (where was = 'trialing' and monthly_cents = 0)
      from steps
      where at >= ${range.start} and (status = 'trialing') <> (coalesce(was, '') = 'trialing')
        and 'trialing' in (status, was)
      group by 1, 2, 3, 4`,
  ],
};

export const paymentDays: Rollup = {
  name: "payment_days",
  reachDays: 0,
  earliest: earliestPayment,
  late: (since) =>
    sql`select min(at) from payment_changes where recorded_at >= ${since.toISOString()}::timestamptz`,
  make: (range) => [
    clearDays("payment_days", range, earliestPayment),
    sql`
      insert into payment_days (currency, plan, country, day, kind, reason, payments, cents)
      select ${eachAndAll}, day, kind, reason, count(*), sum(cents)
      from (
        select ${dayIn(range, sql`at`)} as day, currency, coalesce(plan_id, 'none') as plan,
          coalesce(country, 'unknown') as country, kind, reason, cents
        from payment_changes where at >= ${range.start} and at < ${range.end}) as paid
      group by day, kind, reason, ${cube}`,
  ],
};
