-- Tells every process that a session was ended or an API key revoked, whoever did it and wherever, so that
-- open event streams end with it (src/platform/changes.ts). These transactions move no credits.
create or replace function tell_ended() returns trigger
language plpgsql
as $$
begin
  perform pg_notify('toolmint_changes', json_build_array(json_build_object('owner', old.id, 'ended', true))::text);
  return null;
end
$$;

create or replace trigger sessions_ended
  after delete on sessions
  for each row execute function tell_ended();

create or replace trigger api_keys_ended
  after update of revoked_at on api_keys
  for each row when (old.revoked_at is null and new.revoked_at is not null)
  execute function tell_ended();

-- Whoever is suspended loses their sessions, which tell it themselves; their keys stay, and stop.
create or replace function tell_suspended() returns trigger
language plpgsql
as $$
begin
  perform pg_notify('toolmint_changes', json_build_array(json_build_object('owner', id, 'ended', true))::text)
  from api_keys where user_id = new.id and kind = 'own' and revoked_at is null;
  return null;
end
$$;

create or replace trigger users_suspended
  after update of suspended_at on users
  for each row when (old.suspended_at is null and new.suspended_at is not null)
  execute function tell_suspended();
