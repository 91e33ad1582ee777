-- What subscriptions and invoices were before they became what they are, for the analytics: written in the
-- transaction that changes them, by whomever. docs/metrics.md says what counts as monthly recurring revenue.
create or replace function monthly_cents(status text, surplus boolean, "interval" text, amount_cents integer)
returns bigint language sql immutable parallel safe
as $$
  select case
    -- Trials, pauses and what was given up come to nothing; what is past due counts until it ends.
    when surplus or status not in ('active', 'past_due') then 0
    when "interval" = 'year' then round(amount_cents / 12.0)
    else amount_cents
  end::bigint
$$;

create or replace function record_subscription() returns trigger
language plpgsql
as $$
declare
  known subscription_changes;
  price prices;
  lives_in text;
  monthly bigint;
  became timestamptz := money_now();
begin
  select * into known from subscription_changes c where c.subscription_id = new.id order by c.id desc limit 1;
  select * into price from prices p where p.id = new.price_id;
  select c.country into lives_in from customers c where c.account_id = new.account_id;
  monthly := monthly_cents(new.status, new.surplus, price."interval", price.amount_cents);
  if (known.status, known.plan_id, known."interval", known.currency, known.monthly_cents, known.country)
    is not distinct from (new.status, price.plan_id, price."interval", price.currency, monthly, lives_in) then
    return null;
  end if;
  -- We hear of it a moment later; of what Stripe says when it was, that moment counts.
  if known.id is null then
    became := least(became, new.created_at);
  elsif known.status = 'trialing' and new.status in ('active', 'past_due') then
    became := least(became, new.trial_end);
  elsif new.ended_at is not null then
    became := least(became, new.ended_at);
  end if;
  insert into subscription_changes
    (subscription_id, account_id, status, plan_id, "interval", currency, monthly_cents, country, at, recorded_at)
  values (new.id, new.account_id, new.status, price.plan_id, price."interval", price.currency, monthly, lives_in,
    greatest(became, known.at), clock_timestamp());
  return null;
end
$$;

create or replace trigger subscriptions_history
  after insert or update on subscriptions
  for each row execute function record_subscription();

create or replace function record_payment() returns trigger
language plpgsql
as $$
declare
  plan text;
  lives_in text;
  was_paid boolean := tg_op = 'UPDATE' and old.status = 'paid';
  was_tried boolean := tg_op = 'UPDATE' and old.attempted and old.status in ('open', 'uncollectible');
  was_refunded integer := case when tg_op = 'UPDATE' then old.refunded_cents else 0 end;
begin
  if new.total_cents <= 0 then return null; end if;
  select p.plan_id into plan from subscriptions s join prices p on p.id = s.price_id where s.id = new.subscription_id;
  select c.country into lives_in from customers c where c.account_id = new.account_id;
  insert into payment_changes
    (invoice_id, account_id, kind, reason, plan_id, currency, cents, country, at, recorded_at)
  select new.id, new.account_id, said.kind, new.reason, plan, new.currency, said.cents, lives_in, said.at,
    clock_timestamp()
  from (values
    ('failed', new.total_cents, case when tg_op = 'INSERT' then least(money_now(), new.created_at) else money_now() end,
      new.attempted and new.status in ('open', 'uncollectible') and not was_tried),
    ('paid', new.total_cents, new.paid_at, new.status = 'paid' and not was_paid),
    ('recovered', new.total_cents, new.paid_at, new.status = 'paid' and not was_paid and was_tried),
    ('refunded', new.refunded_cents - was_refunded, money_now(), new.refunded_cents <> was_refunded)
  ) as said (kind, cents, at, so)
  where said.so;
  return null;
end
$$;

create or replace trigger invoices_history
  after insert or update on invoices
  for each row execute function record_payment();

create or replace trigger subscription_changes_append_only
  before update or truncate on subscription_changes
  for each statement execute function refuse_change();

create or replace trigger payment_changes_append_only
  before update or truncate on payment_changes
  for each statement execute function refuse_change();

-- Play money leaves the books with all that was told of it (src/billing/play-money.ts); nobody else's history does.
create or replace function refuse_forgetting() returns trigger
language plpgsql
as $$
begin
  if not exists (select from customers c where c.account_id = old.account_id and c.livemode is not true) then
    raise exception 'the history of % is kept', old.account_id using errcode = 'restrict_violation';
  end if;
  return old;
end
$$;

create or replace trigger subscription_changes_kept
  before delete on subscription_changes
  for each row execute function refuse_forgetting();

create or replace trigger payment_changes_kept
  before delete on payment_changes
  for each row execute function refuse_forgetting();
