import { sql } from "drizzle-orm";
import type { Db } from "#platform/db";

/**
 * A site of 24 months, made by the database itself: more and more people, of whom most soon leave; every eighth pays,
 * some change their plan, leave and come back; heavy users run a hundred times what light ones do.
 */
export async function fillSite(db: Db, scale: number): Promise<{ customers: number; events: number }> {
  const people = Math.round(1_000_000 * scale);
  await db.execute(sql`select setseed(0.42)`);
  await fillPeople(db, people);
  const runs = await fillRuns(db);
  const views = await fillViews(db, people * 6);
  await fillSubscriptions(db);
  await fillPayments(db);
  await fillCredits(db);
  await fillResponses(db);
  // A site that has grown for two years has been analysed many times.
  await db.execute(sql`vacuum analyze`);
  return { customers: people, events: runs + views };
}

const begin = sql`(date_trunc('day', now()) - interval '24 months')`;

async function fillPeople(db: Db, people: number): Promise<void> {
  await db.execute(sql`
    create table bench_people as
    select lpad(i::text, 26, '0') as id, joined, rate, stays,
      (array['US', 'US', 'US', 'GB', 'DE', 'DE', 'FR', 'CN', 'JP', 'IN', 'BR', 'NL'])[1 + floor(pick * 12)::int] as country,
      (array['usd', 'usd', 'usd', 'gbp', 'eur', 'eur', 'eur', 'cny', 'jpy', 'usd', 'usd', 'eur'])[1 + floor(pick * 12)::int] as currency,
      pays
    from (
      select row_number() over (order by joined) as i, *
      from (
        select ${begin} + sqrt(random()) * interval '729 days' as joined, random() as pick, random() < 0.125 as pays,
          least(power(random(), -0.8), 120) as rate,
          case when random() < 0.5 then random() * 3 else -ln(1 - random()) * 150 end as stays
        from generate_series(1, ${people}::int)) as made) as numbered`);
  await db.execute(sql`
    insert into users (id, name, email, email_verified, created_at)
    select 'usr_' || id, id, id || '@example.com', true, joined from bench_people order by joined`);
  await db.execute(sql`
    insert into accounts (id, owner_type, owner_id, created_at)
    select 'acct_' || id, 'user', 'usr_' || id, joined from bench_people order by joined`);
  await db.execute(sql`
    insert into sign_up_sources (user_id, source, created_at)
    select 'usr_' || id, (array['direct', 'google.com', 'newsletter', 'referral', 'youtube.com'])[1 + floor(random() * 5)::int], joined
    from bench_people`);
}

/** Some four a person, in the order of time, as a site writes them. */
async function fillRuns(db: Db): Promise<number> {
  const { rowCount } = await db.execute(sql`
    insert into runs (id, account_id, user_id, tool, status, input, idempotency_key, input_hash, charged, created_at,
      started_at, ended_at, expires_at, purged_at, model, cost_micros)
    select 'run_' || lpad(n::text, 26, '0'), 'acct_' || id, 'usr_' || id, tool, status, '{}', n::text, '', 2, at,
      at + random() * interval '4 seconds', at + interval '6 seconds', at, at,
      case tool when 'write' then 'gpt-5-mini' end, case tool when 'write' then 800 else 0 end
    from (
      select row_number() over (order by at) as n, *
      from (
        select id, joined + random() * stays * interval '1 day' as at,
          (array['text-recognition', 'write', 'document-to-markdown', 'image-convert', 'upscale'])[1 + floor(random() * 5)::int] as tool,
          (array['succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded', 'failed', 'canceled'])[1 + floor(random() * 10)::int] as status
        from bench_people, generate_series(1, ceil(rate)::int)) as made
      where at < now()) as numbered`);
  return rowCount ?? 0;
}

async function fillViews(db: Db, count: number): Promise<number> {
  const { rowCount } = await db.execute(sql`
    insert into product_events (name, occurred_at, visitor, path)
    select 'page_viewed', at, md5(random()::text), (array['/', '/tools', '/pricing'])[1 + floor(random() * 3)::int]
    from (
      select ${begin} + sqrt(random()) * interval '729 days' as at from generate_series(1, ${count}::int) order by 1) as made`);
  return rowCount ?? 0;
}

/** Paid from, perhaps another plan, perhaps the end, perhaps again. */
async function fillSubscriptions(db: Db): Promise<void> {
  await db.execute(sql`
    create table bench_subscriptions as
    select *, coalesce(back_at, 'infinity') as again, random() < 0.2 as yearly
    from (
      select *, case when random() < 0.15 then ended_at + random() * interval '120 days' end as back_at
      from (
        select id, country, currency, started_at, (array['pro', 'pro', 'pro', 'premium'])[1 + floor(random() * 4)::int] as plan,
          case when random() < 0.15 then started_at + random() * interval '100 days' end as upgraded_at,
          started_at + interval '30 days' - ln(1 - random()) * interval '320 days' as ended_at
        from (select *, joined + random() * interval '30 days' as started_at from bench_people where pays) as starting
        where started_at < now()) as paid) as back`);
  await db.execute(sql`
    insert into subscription_changes
      (subscription_id, account_id, status, plan_id, "interval", currency, monthly_cents, country, at, recorded_at)
    select 'sub_' || id || case when place = 4 then '_2' else '' end, 'acct_' || id, status, plan,
      case when yearly then 'year' else 'month' end, currency, cents, country, at, at
    from (
      select s.*, c.place, c.status, c.at,
        case when c.place = 3 then 0 when c.place = 2 then 3900 when s.plan = 'pro' then 1200 else 3900 end as cents
      from bench_subscriptions s cross join lateral (values
        (1, 'active', started_at), (2, 'active', case when upgraded_at < ended_at then upgraded_at end),
        (3, 'canceled', ended_at), (4, 'active', back_at)) as c (place, status, at)
      where c.at < now()) as changes
    order by at, place`);
}

async function fillPayments(db: Db): Promise<void> {
  await db.execute(sql`
    insert into payment_changes (invoice_id, account_id, kind, reason, plan_id, currency, cents, country, at, recorded_at)
    select 'in_' || id || '_' || extract(epoch from at)::bigint, 'acct_' || id,
      case when random() < 0.03 then 'failed' when random() < 0.01 then 'refunded' else 'paid' end,
      'subscription', plan, currency, 1200, country, at, at
    from bench_subscriptions, generate_series(started_at, least(ended_at, now()), interval '1 month') as at
    order by at`);
}

/**
 * Credits that were given and bought, spent by the runs, and lost: a lot of each kind for a customer, whose journal
 * has the lines that a month's refill would write.
 */
async function fillCredits(db: Db): Promise<void> {
  await db.execute(sql`
    insert into grants (account_id, id, source, credits, remaining, created_at)
    select 'acct_' || id, 'grt_' || id, 'signup', 100, 50, joined from bench_people
    union all
    select 'acct_' || id, 'grt_' || id || 'p', 'plan', 1000, 10, started_at from bench_subscriptions`);
  await db.execute(sql`
    insert into lot_payments (account_id, grant_id, currency, amount)
    select 'acct_' || id, 'grt_' || id || 'p', upper(currency), 1200 from bench_subscriptions`);
  await db.execute(sql`
    insert into entries (account_id, seq, kind, credits, total_after, grant_id, source, cause, reference_type,
      reference_id, created_at)
    select account_id, row_number() over (partition by account_id order by at), kind, credits, 0, lot, source, cause,
      case kind when 'consumed' then 'run' end, run, at
    from (
      select 'acct_' || id as account_id, joined as at, 'issued' as kind, 100 as credits, 'grt_' || id as lot,
        'signup' as source, 'welcome' as cause, null as run from bench_people
      union all
      select 'acct_' || id, at, moved.kind, moved.credits, 'grt_' || id || 'p', 'plan', moved.cause, null
      from bench_subscriptions, generate_series(started_at, least(ended_at, now()), interval '1 month') as at,
        (values ('issued', 1000, 'refill'), ('expired', -300, 'expiry')) as moved (kind, credits, cause)
      union all
      select account_id, created_at, 'consumed', -2, 'grt_' || substr(account_id, 6) || case when s.id is null then '' else 'p' end,
        case when s.id is null then 'signup' else 'plan' end, 'tool:' || tool, r.id
      from runs r left join bench_subscriptions s on 'acct_' || s.id = r.account_id and s.started_at < r.created_at
      where status = 'succeeded') as moved
    order by at`);
}

/** Forty routes, each with answers in every hour of the 400 days that are kept. */
async function fillResponses(db: Db): Promise<void> {
  await db.execute(sql`
    insert into response_times (step, at, route, method, status_class, requests, sum_ms, b1, b2, b3, b4, b5, b6, b7)
    select 'hour', at, case when n < 30 then '/api/v1/things' else '/pages' end || n, 'GET', class,
      case class when 2 then 70 else 1 end, 100, 10, 10, 10, 10, 10, 10, n
    from generate_series(date_trunc('hour', now()) - interval '399 days', now(), interval '1 hour') as at,
      generate_series(1, 40) as n, (values (2), (5)) as c (class)
    where class = 2 or random() < 0.05`);
}
