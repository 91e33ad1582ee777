-- Money's clock: the database's own, plus a shift that only tests and the sandbox's test clock set.
create table if not exists money_clock (
  only_row boolean primary key default true check (only_row),
  shift interval not null default interval '0'
);
insert into money_clock default values on conflict do nothing;

-- True from the first start in production on: then the clock cannot be moved, by whomever.
alter table money_clock add column if not exists live boolean not null default false;
alter table money_clock drop constraint if exists money_clock_live;
alter table money_clock add constraint money_clock_live check (not live or shift = interval '0');

create or replace function money_now() returns timestamptz
language sql volatile parallel safe
as $$ select clock_timestamp() + (select shift from money_clock) $$;
