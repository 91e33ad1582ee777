import { sql } from "drizzle-orm";
import { addDays, dayOf } from "#format";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { moneyNow } from "#platform/money-clock";
import { type Days, periodOf, shiftPeriod } from "./calendar";

/** Retention: of those who signed up in a week or month, how many were active in each one since. */

export type CohortGrain = "week" | "month";

export type Cohort = {
  /** Its period's first day. */
  cohort: string;
  /** How many signed up in it. */
  size: number;
  /** The periods from the cohort's own on to today's; the last may not be over. */
  cells: { active: number; incomplete: boolean }[];
};

/** The cohorts of these days, the earliest first, without those in which nobody signed up. */
export async function readCohorts({ first, last }: Days, grain: CohortGrain): Promise<Cohort[]> {
  const today = dayOf(await moneyNow(db()), config().TIME_ZONE);
  const cohortOf = sql`date_trunc(${sql.raw(`'${grain}'`)}, day::timestamp)::date`;
  const [from, to] = [periodOf(first, grain), periodOf(last, grain)];
  const { rows } = await db().execute<{
    cohort: string;
    size: number;
    day: string | null;
    active: number;
  }>(sql`
    select c.cohort::text as cohort, c.size::int as size, p.day::text as day, coalesce(p.active, 0)::int as active
    from (
      select ${cohortOf} as cohort, sum(signups) as size from registration_days
      where day >= ${from}::date and day < ${shiftPeriod(to, grain, 1)}::date group by 1) as c
    left join cohort_periods p on p.grain = ${grain} and p.cohort = c.cohort and p.day >= c.cohort
    order by 1, 3`);
  const sizes = new Map(rows.map(({ cohort, size }) => [cohort, size]));
  const active = new Map(rows.map((row) => [`${row.cohort} ${row.day}`, row.active]));
  return [...sizes].map(([cohort, size]) => {
    const cells: Cohort["cells"] = [];
    for (let at = cohort; at <= today; at = shiftPeriod(at, grain, 1)) {
      const over = addDays(shiftPeriod(at, grain, 1), -1) < today;
      cells.push({ active: active.get(`${cohort} ${at}`) ?? 0, incomplete: !over });
    }
    return { cohort, size, cells };
  });
}
