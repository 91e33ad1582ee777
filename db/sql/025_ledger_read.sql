-- What deciding needs of accounts, in one round trip. Locks them in the order of their ids, so that nobody
-- waits in a circle, or leaves out those that somebody else has locked (`waits` false). Each statement of a
-- volatile function has a snapshot of its own: what follows the lock sees all that was committed before it,
-- and money's clock is read with the locks held.
--
-- Rows: of each locked account one for each of its open lots, or one without a lot; of each account that was
-- left out one that says so; of each of the keys that is known one with the stored command.
create or replace function ledger_read(
  wanted text[], waits boolean, asked_accounts text[], asked_keys text[]
) returns table (
  account_id text, available int8, held int8, last_entry int8, last_command int8, now_ms float8,
  lot_id text, source text, credits int8, remaining int8, lot_held int8, expires_ms float8, created_ms float8,
  left_out boolean, command text[]
)
language plpgsql volatile rows 500
as $$
#variable_conflict use_column
declare
  locked accounts[];
  clock float8;
begin
  if waits then
    locked := array(select a from accounts a where id = any (wanted) order by id for update);
  else
    locked := array(select a from accounts a where id = any (wanted) order by id for update skip locked);
  end if;
  clock := floor(date_part('epoch', money_now()) * 1000);
  return query
    select a.id, a.available, a.held, a.last_entry, a.last_command,
      greatest(clock, round(date_part('epoch', a.changed_at) * 1000)),
      g.id, g.source, g.credits, g.remaining, g.held,
      round(date_part('epoch', g.expires_at) * 1000), round(date_part('epoch', g.created_at) * 1000),
      null::boolean, null::text[]
    from unnest(locked) as a left join grants g on g.account_id = a.id and g.open;
  return query
    select c.account_id, c.available, c.held, null::int8, null::int8, null::float8,
      null::text, null::text, c.credits, null::int8, null::int8, round(date_part('epoch', c.deadline) * 1000),
      null::float8, null::boolean, array[c.key, c.hash, c.verb, c.grant_id, c.hold_id]
    from unnest(asked_accounts, asked_keys) as asked (account_id, key)
    join commands c on c.account_id = asked.account_id and c.key = asked.key;
  if not waits and cardinality(locked) < cardinality(wanted) then
    return query
      select a.id, null::int8, null::int8, null::int8, null::int8, null::float8,
        null::text, null::text, null::int8, null::int8, null::int8, null::float8, null::float8, true, null::text[]
      from (select unnest(wanted) except select id from unnest(locked)) as missing (id)
      join accounts a on a.id = missing.id;
  end if;
end
$$;
