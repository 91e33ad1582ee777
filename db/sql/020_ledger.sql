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
