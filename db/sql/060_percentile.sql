-- The time that a share of the answers kept to, in ms, from the buckets of response_times; null without answers.
-- The bounds are those of src/platform/response-times.ts, and a test keeps them so. Within a bucket answers are
-- taken to be spread evenly; what lies in the last one is said to take as long as its bound.
create or replace function bucket_percentile(counts bigint[], share float8) returns float8
language plpgsql immutable strict parallel safe
as $$
declare
  bounds constant float8[] := array[1, 2, 5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000, 2000, 5000, 10000];
  total bigint := 0;
  below bigint := 0;
  wanted float8;
  low float8 := 0;
begin
  select sum(c) into total from unnest(counts) as c;
  if coalesce(total, 0) = 0 then
    return null;
  end if;
  wanted := share * total;
  for i in 1 .. array_length(counts, 1) loop
    if counts[i] > 0 and below + counts[i] >= wanted then
      return low + (coalesce(bounds[i], low) - low) * ((wanted - below) / counts[i]);
    end if;
    below := below + counts[i];
    low := coalesce(bounds[i], low);
  end loop;
  return low;
end
$$;
