-- A published revision is what runs were priced by: it stays as it was. refuse_change() is the ledger's
-- (020_ledger.sql).
create or replace trigger tool_revisions_append_only
  before update or delete or truncate on tool_revisions
  for each statement execute function refuse_change();
