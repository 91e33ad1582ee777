-- What was promised for a price stays promised: another offer is another row.
create or replace function refuse_new_terms() returns trigger
language plpgsql
as $$
begin
  if (to_jsonb(new) - 'on_sale' - 'stripe_price_id' - 'sync_error')
    <> (to_jsonb(old) - 'on_sale' - 'stripe_price_id' - 'sync_error')
    or (old.stripe_price_id is not null and new.stripe_price_id is distinct from old.stripe_price_id) then
    raise exception 'price % is never edited: make another', old.id using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;

create or replace trigger prices_keep_terms
  before update on prices
  for each row execute function refuse_new_terms();
