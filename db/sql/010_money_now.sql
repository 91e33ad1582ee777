-- Money's clock: the database's own, plus a shift that only tests and the sandbox's test clock set.
create table if not exists money_clock (
  only_row boolean primary key default true check (only_row),
  shift interval not null default interval '0'
);
insert into money_clock default values on conflict do nothing;

create or replace function money_now() returns timestamptz
language sql volatile parallel safe
as $$ select clock_timestamp() + (select shift from money_clock) $$;
