-- The journal is append-only: what was written stays, whoever asks. A mistake is mended by another entry.
create or replace function refuse_change() returns trigger
language plpgsql
as $$
begin
  raise exception '% on % is refused: it is append-only', tg_op, tg_table_name
    using errcode = 'restrict_violation';
end
$$;

-- Per statement: refused even when no row matches, and free for INSERT.
create or replace trigger entries_append_only
  before update or delete or truncate on entries
  for each statement execute function refuse_change();

create or replace trigger hold_lots_append_only
  before update or delete or truncate on hold_lots
  for each statement execute function refuse_change();

-- What a key answered is never rewritten.
create or replace trigger commands_append_only
  before update or delete or truncate on commands
  for each statement execute function refuse_change();

-- Room in each page for the new versions of its rows (HOT updates): these are updated at every command.
alter table accounts set (fillfactor = 60);
alter table grants set (fillfactor = 60);

-- The seq of an account's first entry at or after a time, by halving: times never go back along seq (L9),
-- so a history between two dates is one range of the primary key, without an index on time.
create or replace function first_entry_at(account text, at timestamptz) returns bigint
language plpgsql stable
as $$
declare
  low bigint := 1;
  high bigint := 1 + coalesce((select last_entry from accounts where id = account), 0);
  middle bigint;
begin
  while low < high loop
    middle := (low + high) / 2;
    if (select created_at from entries where account_id = account and seq = middle) < at then
      low := middle + 1;
    else
      high := middle;
    end if;
  end loop;
  return low;
end
$$;
