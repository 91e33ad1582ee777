import { z } from "@hono/zod-openapi";
import { subscriptionStatuses } from "#billing/access";
import { currencies, intervals, planIds } from "#billing/catalogue";
import { type Id, isId } from "#platform/id";
import { creditsSchema, pageOf, timeSchema } from "./schemas";

/** What the billing routes take and give: the contract that the pages are written from. */

export const currencySchema = z.enum(currencies);
export const intervalSchema = z.enum(intervals);
export const planIdSchema = z.enum(planIds);
export const packIdSchema = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, "a pack's id");

/** An amount in a currency's minor unit: cents; whole yen. */
export const amountSchema = z.int().openapi({ description: "In the currency's minor unit.", example: 1_200 });

const chargeSchema = z
  .object({ amountCents: amountSchema, currency: currencySchema, at: timeSchema })
  .openapi("NextCharge", { description: "What the card is charged next, as things are now." });

const cardSchema = z
  .object({ brand: z.string(), last4: z.string(), expMonth: z.int(), expYear: z.int() })
  .openapi("PaymentCard");

const subscriptionSchema = z
  .object({
    status: z.enum(subscriptionStatuses),
    interval: intervalSchema,
    currency: currencySchema,
    amountCents: amountSchema.openapi({ description: "Per interval, what this customer's own price says." }),
    currentPeriodStart: timeSchema,
    currentPeriodEnd: timeSchema,
    cancelAtPeriodEnd: z.boolean(),
  })
  .openapi("Subscription");

const planSchema = z
  .object({
    id: planIdSchema,
    creditsPerMonth: creditsSchema,
    rolloverCap: creditsSchema,
    entitlements: z.object({
      tools: z.union([z.literal("all"), z.array(z.string())]),
      concurrentRuns: z.int(),
      fileMb: z.int(),
      retentionDays: z.int(),
      priority: z.int(),
    }),
  })
  .openapi("BillingPlan", { description: "What the account may do now, by what it pays for." });

const pendingChangeSchema = z
  .object({
    kind: z.enum(["downgrade", "upgrade_unpaid", "cancel"]),
    planId: planIdSchema.openapi({ description: "The plan from then on; `free` after a cancellation." }),
    interval: intervalSchema.nullable(),
    at: timeSchema.nullable().openapi({ description: "When; null for an upgrade that waits to be paid." }),
    payUrl: z.string().nullable().openapi({ description: "Where an upgrade that waits is paid." }),
  })
  .openapi("PendingChange");

const trialSchema = z
  .object({
    state: z.enum(["available", "running", "used"]),
    planId: planIdSchema.nullable().openapi({ description: "Which plan can be, or is being, tried." }),
    days: z.int().nullable(),
    credits: creditsSchema.nullable(),
    endsAt: timeSchema.nullable(),
  })
  .openapi("PlanTrial");

const pastDueSchema = z
  .object({
    since: timeSchema,
    graceEndsAt: timeSchema.openapi({ description: "Until then the plan stays; after it, Free." }),
    amountCents: amountSchema,
    currency: currencySchema,
    payUrl: z.string().nullable().openapi({ description: "Stripe's page to pay the open invoice." }),
  })
  .openapi("PastDue");

export const topUpPauses = ["declined", "authentication_required", "other"] as const;

const topUpSchema = z
  .object({
    enabled: z.boolean(),
    thresholdCredits: creditsSchema.nullable(),
    packId: z.string().nullable(),
    monthlyLimitCents: amountSchema.nullable(),
    currency: currencySchema.nullable(),
    spentThisMonthCents: amountSchema,
    monthEndsAt: timeSchema,
    paused: z
      .object({ reason: z.enum(topUpPauses), since: timeSchema, payUrl: z.string().nullable() })
      .nullable()
      .openapi({ description: "It goes on by itself once the card has been changed." }),
    limitReached: z.boolean(),
  })
  .openapi("TopUp");

/** What happens next, soonest first. */
export const nextKinds = [
  "credits",
  "refill",
  "renewal",
  "trial_end",
  "plan_change",
  "cancellation",
  "grace_end",
] as const;

const nextSchema = z
  .object({
    kind: z.enum(nextKinds),
    at: timeSchema,
    planId: planIdSchema.openapi({ description: "The plan that brings it, or that holds from then on." }),
    credits: creditsSchema.nullable().openapi({ description: "Credits that come with it." }),
    amountCents: amountSchema.nullable().openapi({ description: "What is charged with it." }),
    currency: currencySchema.nullable(),
  })
  .openapi("BillingNext");

export const billingSchema = z
  .object({
    sells: z.boolean().openapi({ description: "False when this site takes no payments." }),
    plan: planSchema,
    subscription: subscriptionSchema.nullable(),
    pendingChange: pendingChangeSchema.nullable(),
    nextCharge: chargeSchema.nullable(),
    card: cardSchema.nullable(),
    trial: trialSchema,
    pastDue: pastDueSchema.nullable(),
    topUp: topUpSchema,
    flagged: z
      .boolean()
      .openapi({ description: "A payment was disputed: nothing is bought until it is settled." }),
    next: z.array(nextSchema),
  })
  .openapi("Billing");

const invoiceLineSchema = z.object({ description: z.string(), amountCents: amountSchema });

export const invoiceSchema = z
  .object({
    id: z.string(),
    number: z.string().nullable(),
    status: z.enum(["draft", "open", "paid", "uncollectible", "void"]),
    totalCents: amountSchema,
    refundedCents: amountSchema,
    currency: currencySchema,
    reason: z.enum(["subscription", "pack", "top_up"]),
    planId: planIdSchema.nullable().openapi({
      description: "The plan that it charges for; of an upgrade the new one.",
    }),
    lines: z.array(invoiceLineSchema),
    credits: creditsSchema.openapi({ description: "What it has granted so far." }),
    pdfUrl: z.string().nullable(),
    payUrl: z.string().nullable().openapi({ description: "Stripe's page of it, while it can be paid." }),
    createdAt: timeSchema,
    paidAt: timeSchema.nullable(),
  })
  .openapi("Invoice");

export const invoicePage = pageOf(invoiceSchema).openapi("InvoicePage");

export const checkoutStates = ["open", "confirming", "done", "failed", "expired"] as const;

const checkoutReasons = ["trial_used", "surplus", "paid_back", "refused"] as const;

export const checkoutSchema = z
  .object({
    id: z.string(),
    state: z.enum(checkoutStates).openapi({
      description: "`confirming`: Stripe has it, its credits are not here yet; ask again in a second.",
    }),
    reason: z.enum(checkoutReasons).nullable().openapi({
      description:
        "Why it failed. `trial_used`: this card or person has had the trial, nothing was charged; `surplus`: there was a plan already, this one is paid back; `paid_back`: refunded or disputed; `refused`: the payment failed.",
    }),
    kind: z.enum(["plan", "pack"]),
    planId: planIdSchema.nullable(),
    interval: intervalSchema.nullable(),
    packId: z.string().nullable(),
    currency: currencySchema,
    creditsAdded: creditsSchema.openapi({ description: "Granted for it so far; 0 until `done`." }),
    returnTo: z.string().openapi({ description: "The page the customer came from." }),
  })
  .openapi("Checkout");

const returnToSchema = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[^\p{Cc}\\]*$/u, "a path of this site")
  .default("/billing")
  .openapi({
    description: "Where to go back to when all is done: a path of this site.",
    example: "/tools/upscale",
  });

const hostedSchema = z.literal(true).optional().openapi({
  description: "Pay on Stripe's page, even where the site has a form of its own.",
});

export const checkoutBody = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("plan"),
      planId: planIdSchema.exclude(["free"]),
      interval: intervalSchema,
      currency: currencySchema,
      returnTo: returnToSchema,
      hosted: hostedSchema,
    }),
    z.strictObject({
      kind: z.literal("pack"),
      packId: packIdSchema,
      currency: currencySchema,
      returnTo: returnToSchema,
      hosted: hostedSchema,
    }),
  ])
  .openapi("CheckoutRequest");

export const portalBody = z.strictObject({ returnTo: returnToSchema }).openapi("PortalRequest");

export const redirectSchema = z
  .object({ url: z.string().openapi({ description: "Stripe's page to send the browser to." }) })
  .openapi("Redirect");

const priceIdSchema = z
  .custom<Id<"price">>((id) => typeof id === "string" && isId("price", id))
  .openapi({ type: "string" });

export const planChangeBody = z
  .strictObject({
    planId: planIdSchema.exclude(["free"]),
    interval: intervalSchema,
    priceId: priceIdSchema
      .optional()
      .openapi({ description: "The preview's: if another price is on sale by now, nothing is changed." }),
  })
  .openapi("PlanChangeRequest");

export const planChangePreviewSchema = z
  .object({
    priceId: priceIdSchema.openapi({ description: "What will be paid: name it when you change the plan." }),
    kind: z.enum(["upgrade", "downgrade"]),
    effectiveAt: timeSchema.openapi({ description: "Now for an upgrade, the period's end for a downgrade." }),
    dueNowCents: amountSchema.openapi({ description: "What the card is charged at once, prorated." }),
    currency: currencySchema,
    lines: z.array(invoiceLineSchema),
    creditsNow: creditsSchema.openapi({ description: "Credits that come at once." }),
    renewal: chargeSchema.openapi({ description: "The regular charge from then on." }),
    creditsPerMonth: creditsSchema.openapi({ description: "From then on." }),
  })
  .openapi("PlanChangePreview");

export const planChangeSchema = z
  .object({
    state: z.enum(["done", "scheduled", "payment_needed"]),
    payUrl: z.string().nullable().openapi({ description: "Where the card asks for confirmation." }),
    billing: billingSchema,
  })
  .openapi("PlanChange");

export const topUpBody = z
  .discriminatedUnion("enabled", [
    z.strictObject({ enabled: z.literal(false) }),
    z.strictObject({
      enabled: z.literal(true),
      thresholdCredits: z.int().min(1).max(1_000_000),
      packId: packIdSchema,
      monthlyLimitCents: z.int().min(1).max(100_000_000).openapi({
        description: "It never charges more in a calendar month (UTC). At least one pack's price.",
      }),
      currency: currencySchema,
    }),
  ])
  .openapi("TopUpChange");

export type BillingJson = z.infer<typeof billingSchema>;
export type InvoiceJson = z.infer<typeof invoiceSchema>;
export type CheckoutJson = z.infer<typeof checkoutSchema>;
export type PlanChangePreviewJson = z.infer<typeof planChangePreviewSchema>;
export type PlanChangeJson = z.infer<typeof planChangeSchema>;
export type InvoicePageJson = z.infer<typeof invoicePage>;
export type CheckoutRequest = z.input<typeof checkoutBody>;
export type PortalRequest = z.input<typeof portalBody>;
export type RedirectJson = z.infer<typeof redirectSchema>;
export type PlanChangeRequest = z.input<typeof planChangeBody>;
export type TopUpChange = z.input<typeof topUpBody>;
