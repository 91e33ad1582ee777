-- Counters of src/platform/rate-limit.ts, shared by all processes. Unlogged: after a crash everybody
-- starts from zero, which costs less than writing each request to the log. `expire` is in ms since 1970
-- and not int8, which this project reads as bigint and rate-limiter-flexible subtracts from a number.
create unlogged table if not exists rate_limits (
  key text primary key,
  points integer not null default 0,
  expire double precision
);
