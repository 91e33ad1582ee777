-- What was done stays on record, whoever asks: refuse_change() is the ledger's (020_ledger.sql).
create or replace trigger acts_append_only
  before update or delete or truncate on acts
  for each statement execute function refuse_change();
