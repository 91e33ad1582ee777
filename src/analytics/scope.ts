import { type SQL, sql } from "drizzle-orm";
import { defaultCurrency, planIds } from "#billing/catalogue";
import { dayOf } from "#format";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { moneyNow } from "#platform/money-clock";

/** What the pages can be filtered by, and the day it is. */
export type Scope = {
  timeZone: string;
  today: string;
  plans: string[];
  currencies: string[];
  countries: string[];
  tools: string[];
};

export async function readScope(): Promise<Scope> {
  const timeZone = config().TIME_ZONE;
  const today = dayOf(await moneyNow(db()), timeZone);
  const [currencies, countries, tools] = await Promise.all([
    values(sql`
      select currency from (
        select * from (
          select distinct on (currency) currency, customers from mrr_levels
          where plan = 'all' and country = 'all' order by currency, day desc) as paying
        union all
        select currency, sum(payments) from payment_days where plan = 'all' and country = 'all' group by 1
      ) as known (currency, size)
      where currency <> 'all' group by 1 order by sum(size) desc, 1`),
    values(sql`
      select country from mrr_levels where currency = 'all' and plan = 'all' and country <> 'all'
      union select country from payment_days where currency = 'all' and plan = 'all' and country <> 'all' order by 1`),
    values(sql`select distinct tool from active_days where tool <> 'all' order by 1`),
  ]);
  return {
    ...{ timeZone, today },
    plans: planIds.filter((plan) => plan !== "free"),
    currencies: currencies.length > 0 ? currencies : [defaultCurrency],
    ...{ countries, tools },
  };
}

async function values(query: SQL): Promise<string[]> {
  const { rows } = await db().execute<{ value: string }>(sql`select * from (${query}) as known (value)`);
  return rows.map(({ value }) => value);
}
