import { z } from "@hono/zod-openapi";
import { type CustomerFilter, filterFlags, filterStatuses } from "#insight";
import { planIdSchema } from "./billing-schemas";
import { timeSchema } from "./schemas";

/** Which customers: what the list of them takes, and whatever else is done to a segment. */

export const filterQuery = {
  query: z.string().max(320).optional().openapi({
    description:
      "The beginning of a mail address or name; an id of the user, the account, a run or a key; Stripe's id of the customer, a subscription, an invoice or a checkout; an invoice's number; a key's secret or what is shown of it; or your own name for the account.",
  }),
  plan: planIdSchema.optional().openapi({
    description: "Subscribed to this plan, whether it is paid or not; `free`: to none.",
  }),
  status: z.enum(filterStatuses).optional().openapi({
    description: "How the subscription stands; `canceled`: they had one, and have none now.",
  }),
  flag: z.enum(filterFlags).optional().openapi({
    description:
      "Why somebody should look at the account. `past_due`: an invoice of the subscription is due.",
  }),
  paid: z.enum(["yes", "no"]).optional().openapi({ description: "Whether an invoice was ever paid." }),
  balanceBelow: z.coerce.number().int().min(0).max(1_000_000_000).optional().openapi({
    description: "Can spend fewer credits than this.",
  }),
  verified: z.enum(["yes", "no"]).optional().openapi({ description: "Whether the address is confirmed." }),
  from: timeSchema.optional().openapi({ description: "Signed up from this time on." }),
  to: timeSchema.optional().openapi({ description: "Signed up before this time." }),
};
export const filterSchema = z.object(filterQuery);

/** A segment of customers in a body: everybody whom the list shows by this filter. */
export const segmentSchema = z.strictObject(filterQuery).openapi({
  description: "A filter of the customers' list; `{}` is everybody.",
  example: { plan: "pro" },
});

export type WantedFilter = z.infer<typeof filterSchema>;

/** A filter as it is kept to be shown again. */
export function wordsOf(filter: WantedFilter): Record<string, string> {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

export function customerFilter({ verified, paid, from, to, ...filter }: WantedFilter): CustomerFilter {
  return {
    ...filter,
    verified: verified && verified === "yes",
    paid: paid && paid === "yes",
    from: from ? new Date(from) : undefined,
    to: to ? new Date(to) : undefined,
  };
}
