import { z } from "@hono/zod-openapi";
import type { StripeOutcome } from "#billing";

/** What an act of staff that Stripe carries out came to. */
const outcomeSchema = z
  .object({
    state: z.enum(["done", "scheduled", "payment_needed", "refused"]).openapi({
      description:
        "`payment_needed`: the customer's bank asks them to confirm. `refused`: Stripe said no, and nothing has changed.",
    }),
    code: z.string().nullable().openapi({ description: "Of a refusal: a problem's code, or Stripe's." }),
    reason: z.string().nullable().openapi({ description: "Why a payment failed, in Stripe's word." }),
    payUrl: z.string().nullable().openapi({ description: "Where the customer confirms a payment." }),
  })
  .openapi("StripeOutcome");

/** As the answer of an act's route. */
export const stripeAnswer = {
  description: "What it came to, now or by the same key before.",
  schema: outcomeSchema,
};

export type StripeOutcomeJson = z.infer<typeof outcomeSchema>;

export function outcomeJson({ state, code, reason, payUrl }: StripeOutcome): StripeOutcomeJson {
  return { state, code, reason, payUrl };
}
