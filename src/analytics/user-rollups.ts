import { sql } from "drizzle-orm";
import { clearDays, dayIn, type Rollup } from "./rollup";

/** So many days after signing up, a first run still counts as activation. */
const activationDays = 7;

export const registrationDays: Rollup = {
  name: "registration_days",
  reachDays: activationDays,
  earliest: sql`select min(created_at) from users`,
  make: (range) => [
    clearDays("registration_days", range),
    sql`
      insert into registration_days (day, source, signups, activated)
      select ${dayIn(range, sql`u.created_at`)}, 'unknown', count(*),
        count(*) filter (where exists (
          select from accounts a join runs r on r.account_id = a.id
          where a.owner_type = 'user' and a.owner_id = u.id
            and r.created_at < u.created_at + make_interval(days => ${activationDays})))
      from users u where u.created_at >= ${range.start} and u.created_at < ${range.end}
      group by 1, 2`,
  ],
};
