import { type SQL, sql } from "drizzle-orm";
import type { Days } from "./calendar";
import type { Filters, Grain } from "./catalogue";

/** What a metric's query is asked for: whole periods, of which `last` may cut the last short. */
export type MetricRange = Days & {
  grain: Grain;
  filters: Filters;
  /** Where the days begin that are looked at; those before, if any, are what they are compared with. */
  begin: string;
};

/**
 * A metric's query gives rows of `period` (a date: the period's first day), `series` (text; "all" where it has one
 * only), `value`, and for rates `per`, by which it is divided; `cases` tells how many there were, if not `per`.
 */
export type MetricQuery = (range: MetricRange) => SQL;

/** The first day of a day's period, in SQL. `day` is a date. */
export function periodIn({ grain }: Pick<MetricRange, "grain">, day: SQL): SQL {
  return sql`date_trunc(${sql.raw(`'${grain}'`)}, (${day})::timestamp)::date`;
}

/** That a column of days lies in the range. */
export function within({ first, last }: Days, day: SQL): SQL {
  return sql`${day} between ${first}::date and ${last}::date`;
}
