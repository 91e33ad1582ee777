import { planIds } from "#billing/catalogue";
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
  return {
    ...{ timeZone, today },
    plans: planIds.filter((plan) => plan !== "free"),
    currencies: [],
    countries: [],
    tools: [],
  };
}
