import { sql } from "drizzle-orm";
import { seedPrices } from "#billing";
import type { Db, Tx } from "#platform/db";

/**
 * A site's customers after three years, made by the database itself: more sign up each month than the month before;
 * every seventh has bought, every eleventh pays for a plan, a few of those owe, are on trial or are disputed; half
 * have spent nearly all they have, and a few have plenty.
 */
export async function fillCustomers(db: Db, people: number): Promise<void> {
  await db.transaction(async (tx) => {
    // No triggers and no look-ups of foreign keys: a million rows each.
    await tx.execute(sql`set local session_replication_role = replica`);
    await tx.execute(sql`select setseed(0.42)`);
    await seedPrices(tx);
    await fillPeople(tx, people);
    await fillCredits(tx);
    await fillSubscriptions(tx);
    await fillInvoices(tx);
    await fillTraces(tx);
  });
  for (const table of filled) await db.execute(sql.raw(`vacuum analyze ${table}`));
}

const filled = [
  ...["users", "accounts", "grants", "customers", "subscriptions", "invoices", "checkouts", "prices"],
  ...["api_keys", "api_key_secrets", "external_ids", "runs"],
];

const firstNames =
  "Ada Alan Amélie Anna Björn Carla Chen Daniel Elif Emma Fatima Grace Hugo Ines Jonas Kenji Lars Lea Liam Lin Luca Maja Marie Mehmet Mia Nina Noah Olga Oskar Priya Rosa Sara Tom Uma Wei Yuki Zoë".split(
    " ",
  );
const lastNames =
  "Adeyemi Andersson Bauer Brown Costa Dubois Evans Fischer Garcia Hansen Ivanova Jansen Kim Kowalski Kumar Lee Lopez Martin Meyer Müller Nakamura Novak Okafor Olsen Patel Rossi Sato Schmidt Silva Singh Smith Suzuki Tanaka Wang Weber Wilson Yılmaz Zhang".split(
    " ",
  );
const domains =
  "gmail.com gmail.com gmail.com outlook.com outlook.com yahoo.com icloud.com qq.com web.de example.com".split(
    " ",
  );

async function fillPeople(tx: Tx, people: number): Promise<void> {
  await tx.execute(sql`
    create temporary table bench_people on commit drop as
    select lpad(i::text, 26, '0') as id, i, joined, pick, verified, suspended,
      (${sql.param(firstNames)}::text[])[1 + floor(first * ${firstNames.length})::int] as first,
      (${sql.param(lastNames)}::text[])[1 + floor(last * ${lastNames.length})::int] as last,
      (${sql.param(domains)}::text[])[1 + floor(home * ${domains.length})::int] as domain
    from (
      select row_number() over (order by joined) as i, *
      from (
        select date_trunc('day', now()) - interval '1096 days' + sqrt(random()) * interval '1095 days' as joined,
          random() as pick, random() < 0.93 as verified, random() < 0.001 as suspended,
          power(random(), 1.5) as first, power(random(), 1.5) as last, random() as home
        from generate_series(1, ${people}::int)) as made) as numbered`);
  await tx.execute(sql`
    insert into users (id, name, email, email_verified, locale, time_zone, suspended_at, created_at)
    select 'usr_' || id, first || ' ' || last, lower(translate(first || '.' || last, 'éöüë ıYZ', 'eoueiyz')) || i || '@' || domain,
      verified, case when domain = 'qq.com' then 'zh' else 'en' end, 'UTC', case when suspended then now() end, joined
    from bench_people order by i`);
}

/** By how much somebody uses it: nothing left, a little, what a plan gives, plenty. */
async function fillCredits(tx: Tx): Promise<void> {
  await tx.execute(sql`
    insert into accounts (id, owner_type, owner_id, available, created_at, changed_at)
    select 'acct_' || id, 'user', 'usr_' || id,
      case when pick < 0.25 then 0 when pick < 0.5 then floor(random() * 10) when pick < 0.85 then 10 + floor(random() * 90)
        when pick < 0.99 then 100 + floor(random() * 4000) else 5000 + floor(random() * 50000) end, joined, joined
    from bench_people order by i`);
  // Of every thousandth the lot has expired, and the job has not come by yet.
  await tx.execute(sql`
    insert into grants (account_id, id, source, credits, remaining, expires_at, created_at)
    select a.id, 'grant_' || p.id, case when p.pick < 0.85 then 'signup' else 'plan' end, a.available + 50, a.available,
      case when p.i % 1000 = 0 then now() - interval '1 minute' when p.i % 3 = 0 then now() + random() * interval '300 days' end, p.joined
    from bench_people p join accounts a on a.id = 'acct_' || p.id where a.available > 0`);
}

/** The later somebody came, the less time there was to leave again. */
async function fillSubscriptions(tx: Tx): Promise<void> {
  await tx.execute(sql`
    insert into customers (account_id, stripe_id, livemode, card_id, card_brand, card_last4, flag, flagged_at, created_at)
    select 'acct_' || id, 'cus_' || id, true, 'pm_' || id, 'visa', '4242', flag, case when flag is not null then now() end, joined
    from (select *, case when random() < 0.002 then 'dispute' when random() < 0.003 then 'refund' end as flag
      from bench_people where pick >= 0.85) as buyers`);
  await tx.execute(sql`
    insert into subscriptions (id, account_id, price_id, item_id, status, period_start, period_end, ended_at, past_due_since,
      cancel_at_period_end, created_at)
    select 'sub_' || s.id, 'acct_' || s.id, price.id, 'si_' || s.id, s.status, now() - interval '10 days', now() + interval '20 days',
      case when s.status = 'canceled' then now() - interval '60 days' end,
      case when s.status in ('past_due', 'unpaid') then now() - interval '3 days' end, random() < 0.05, s.joined
    from (
      select id, joined, case when choice < 0.4 then 'canceled' when choice < 0.93 then 'active' when choice < 0.96 then 'trialing'
          when choice < 0.985 then 'past_due' when choice < 0.995 then 'unpaid' else 'paused' end as status,
        (array['pro', 'pro', 'pro', 'pro', 'pro', 'pro', 'pro', 'premium', 'premium', 'premium'])[1 + floor(kind * 10)::int] as usual,
        kind > 0.985 as large, term < 0.2 as yearly
      from (select *, random() as choice, random() as kind, random() as term from bench_people where pick >= 0.85) as made) as s
    join prices as price on price.lookup_key = 'plan:' || case when s.large then 'enterprise' else s.usual end
      || ':' || case when s.yearly then 'year' else 'month' end || ':usd' and price.on_sale`);
}

/** A month each, numbered as Stripe numbers them. */
async function fillInvoices(tx: Tx): Promise<void> {
  await tx.execute(sql`
    insert into invoices (id, account_id, subscription_id, reason, status, number, currency, total_cents, attempted, created_at, paid_at)
    select 'in_' || lpad(n::text, 26, '0'), 'acct_' || id, 'sub_' || id, 'subscription', 'paid', 'TM-' || lpad(n::text, 7, '0'), 'usd',
      1200, true, at, at
    from (select row_number() over (order by at) as n, id, at
      from bench_people, generate_series(joined + interval '1 hour', least(now(), joined + (pick - 0.85) * 9000 * interval '1 day'), interval '30 days') as at
      where pick >= 0.85) as paid`);
}

/** What else a search begins from. */
async function fillTraces(tx: Tx): Promise<void> {
  await tx.execute(sql`
    insert into checkouts (id, account_id, session_id, price_id, return_to, status, idempotency_key, request_hash, created_at)
    select 'chk_' || id, 'acct_' || id, 'cs_' || id, (select id from prices limit 1), '/tools', 'complete', id, '', joined
    from bench_people where pick >= 0.85`);
  await tx.execute(sql`
    insert into api_keys (id, kind, user_id, account_id, name, scopes, created_at)
    select 'key_' || id, 'own', 'usr_' || id, 'acct_' || id, 'mine', '{credits.read}', joined from bench_people where i % 20 = 0`);
  await tx.execute(sql`
    insert into api_key_secrets (hash, api_key_id, hint, created_at)
    select md5(id), 'key_' || id, 'tm_live_…' || substr(md5(id), 1, 4), joined from bench_people where i % 20 = 0`);
  await tx.execute(sql`
    insert into external_ids (external_id, account_id, created_at)
    select 'crm-' || i, 'acct_' || id, joined from bench_people where i % 50 = 0`);
  await tx.execute(sql`
    insert into runs (id, account_id, user_id, tool, status, input, idempotency_key, input_hash, charged, created_at, started_at,
      ended_at, expires_at, purged_at)
    select 'run_' || id, 'acct_' || id, 'usr_' || id, 'image-convert', 'succeeded', '{}', id, '', 2, joined, joined, joined, joined, joined
    from bench_people where i % 2 = 0`);
}
