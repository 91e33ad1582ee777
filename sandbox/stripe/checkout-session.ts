import type Stripe from "stripe";
import { z } from "zod";
import { lineItemsOf, totalsOf } from "./checkout-lines";
import { type Creation, creation } from "./checkout-params";
import { blankSession } from "./checkout-shape";
import { requireCustomer } from "./customer";
import { redeemAll } from "./discount";
import type { Due } from "./due-shape";
import { invalid } from "./failure";
import { listOf, type Operation, operation, pageOf } from "./operation";
import { created, isWithin, mergeMetadata, metadata, pages, text } from "./params";
import { createPrice } from "./price";
import { previousOf, type World } from "./world";

const dayS = 86_400;
export const checkoutOperations: Operation[] = [
  operation("POST", "/v1/checkout/sessions", creation, (world, params) => createSession(world, params)),
  operation("GET", "/v1/checkout/sessions/:id", {}, (world, _params, id) =>
    world.require("checkout.session", id),
  ),
  operation(
    "POST",
    "/v1/checkout/sessions/:id",
    { metadata: metadata.optional() },
    (world, { metadata }, id) => {
      const before = world.require("checkout.session", id);
      return world.store.put("checkout.session", {
        ...before,
        metadata: mergeMetadata(before.metadata, metadata),
      });
    },
  ),
  operation("POST", "/v1/checkout/sessions/:id/expire", {}, (world, _params, id) => expireSession(world, id)),
  operation("GET", "/v1/checkout/sessions/:id/line_items", pages, (world, paging, id) =>
    pageOf(
      lineItemsOf(world, world.require("checkout.session", id)),
      paging,
      `/v1/checkout/sessions/${id}/line_items`,
    ),
  ),
  operation(
    "GET",
    "/v1/checkout/sessions",
    {
      ...pages,
      ...created,
      customer: text.optional(),
      payment_intent: text.optional(),
      status: z.enum(["open", "complete", "expired"]).optional(),
      subscription: text.optional(),
    },
    (world, { customer, payment_intent, status, subscription, created, ...paging }) =>
      listOf(
        world,
        "checkout.session",
        paging,
        "/v1/checkout/sessions",
        (session) =>
          (customer === undefined || session.customer === customer) &&
          (payment_intent === undefined || session.payment_intent === payment_intent) &&
          (status === undefined || session.status === status) &&
          (subscription === undefined || session.subscription === subscription) &&
          isWithin(session.created, created),
      ),
  ),
];

export const checkoutIncludes = {
  "checkout.session.line_items": (world: World, { id }: { id: string }) => ({
    object: "list",
    data: lineItemsOf(world, world.require("checkout.session", id)),
    has_more: false,
    url: `/v1/checkout/sessions/${id}/line_items`,
  }),
};

function createSession(world: World, params: Creation): Stripe.Checkout.Session {
  const { mode, line_items = [] } = params;
  const isInPage = params.ui_mode === "elements";
  requireAddresses(params, isInPage);
  if (mode !== "setup" && line_items.length === 0) {
    throw invalid("Missing required param: line_items.", { code: "parameter_missing", param: "line_items" });
  }
  if (params.customer && params.customer_email)
    throw invalid("You may only specify one of these parameters: customer, customer_email.");
  if (params.allow_promotion_codes && params.discounts)
    throw invalid("You may only specify one of these parameters: allow_promotion_codes, discounts.");
  requireModeOf(params);
  const customer = params.customer ? requireCustomer(world, params.customer) : null;
  const now = world.nowFor(customer?.id ?? null);
  const prices = line_items.map(({ price, price_data }, index) =>
    price_data
      ? createPrice(world, price_data)
      : world.require("price", price ?? "", `line_items[${index}][price]`),
  );
  requireRecurring(mode, prices);
  const currency = (params.currency ?? customer?.currency ?? prices[0]?.currency ?? "usd").toLowerCase();
  const { discounts = [] } = params;
  // Those that can be used now; they are redeemed when it is paid.
  world.store.dryRun(() => redeemAll(world, discounts, { customer: customer?.id ?? null, currency }));
  const id = world.newId("cs_test", 58);
  world.store.put("session_terms", {
    id,
    items: prices.map(({ id: price }, index) => ({
      id: world.newId("li"),
      price,
      quantity: line_items[index]?.quantity ?? 1,
    })),
    data: dataOf(params),
    discounts,
    waiting: null,
  });
  const session = world.store.put("checkout.session", {
    ...blankSession,
    id,
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    automatic_tax: { ...blankSession.automatic_tax, enabled: params.automatic_tax?.enabled ?? false },
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    created: now,
    currency: mode === "setup" && !params.currency ? null : currency,
    customer: customer?.id ?? null,
    customer_creation: customer
      ? null
      : (params.customer_creation ?? (mode === "payment" ? "if_required" : "always")),
    customer_email: params.customer_email ?? null,
    expires_at: params.expires_at ?? now + dayS,
    invoice_creation: mode === "payment" ? invoiceCreationOf(params) : null,
    locale: params.locale ?? null,
    metadata: mergeMetadata({}, params.metadata),
    mode,
    payment_method_collection:
      mode === "subscription" ? (params.payment_method_collection ?? "always") : null,
    payment_status: mode === "setup" ? "no_payment_required" : "unpaid",
    submit_type: params.submit_type ?? null,
    success_url: params.success_url ?? null,
    ...(isInPage
      ? {
          ui_mode: "elements",
          return_url: params.return_url ?? "",
          client_secret: `${id}_secret_sandbox`,
          url: null,
        }
      : { url: `${world.url()}/checkout/${id}` }),
  });
  return world.store.put("checkout.session", { ...session, ...totalsOf(world, session) });
}

/** Ends a session that nobody paid. */
export function expireSession(world: World, id: string): Stripe.Checkout.Session {
  const before = world.require("checkout.session", id);
  if (before.status !== "open") {
    throw invalid(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of "${before.status}".`,
    );
  }
  const expired = world.store.put("checkout.session", { ...before, status: "expired", url: null });
  world.emit("checkout.session.expired", expired, previousOf(before, expired));
  return expired;
}

/** Sessions that expire by themselves. */
export function dueSessions(world: World): Due[] {
  return world.store
    .all("checkout.session")
    .filter(({ status }) => status === "open")
    .map(({ id, expires_at }) => ({
      at: expires_at,
      what: "checkout.session.expire",
      subject: id,
      run: () => expireSession(world, id),
    }));
}

/** Where the customer goes afterwards: another parameter for each way of paying. */
function requireAddresses(params: Creation, isInPage: boolean): void {
  const wanted = isInPage ? "return_url" : "success_url";
  if (!params[wanted]) {
    throw invalid(`Missing required param: ${wanted}.`, { code: "parameter_missing", param: wanted });
  }
  for (const other of isInPage ? (["success_url", "cancel_url"] as const) : (["return_url"] as const)) {
    if (params[other]) {
      throw invalid(`\`${other}\` cannot be used with \`ui_mode: ${params.ui_mode ?? "hosted_page"}\`.`, {
        param: other,
      });
    }
  }
}

function requireModeOf(params: Creation): void {
  const belongs = {
    payment_intent_data: "payment",
    subscription_data: "subscription",
    setup_intent_data: "setup",
    invoice_creation: "payment",
  } as const;
  for (const [name, mode] of Object.entries(belongs)) {
    const isGiven = Object.entries(params).some(([given, value]) => given === name && value !== undefined);
    if (isGiven && params.mode !== mode)
      throw invalid(`You can not pass \`${name}\` in \`${params.mode}\` mode.`, { param: name });
  }
}

function requireRecurring(mode: Creation["mode"], prices: Stripe.Price[]): void {
  const hasRecurring = prices.some(({ type }) => type === "recurring");
  if (mode === "payment" && hasRecurring) {
    throw invalid(
      "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.",
      { param: "line_items" },
    );
  }
  if (mode === "subscription" && !hasRecurring) {
    throw invalid("You must provide at least one recurring price in `subscription` mode when using prices.", {
      param: "line_items",
    });
  }
}

function dataOf({
  payment_intent_data,
  subscription_data,
  setup_intent_data,
  invoice_creation,
  saved_payment_method_options,
}: Creation) {
  const keeps = saved_payment_method_options?.payment_method_save === "enabled" ? "on_session" : null;
  return {
    payment_metadata: mergeMetadata({}, payment_intent_data?.metadata),
    payment_description: payment_intent_data?.description ?? null,
    setup_future_usage: payment_intent_data?.setup_future_usage ?? keeps,
    subscription_metadata: mergeMetadata({}, subscription_data?.metadata),
    subscription_description: subscription_data?.description ?? null,
    trial_period_days: subscription_data?.trial_period_days ?? null,
    trial_end: subscription_data?.trial_end ?? null,
    missing_payment_method:
      subscription_data?.trial_settings?.end_behavior.missing_payment_method ?? "create_invoice",
    setup_metadata: mergeMetadata({}, setup_intent_data?.metadata),
    invoice_metadata: mergeMetadata({}, invoice_creation?.invoice_data?.metadata),
  } as const;
}

function invoiceCreationOf({ invoice_creation }: Creation): Stripe.Checkout.Session.InvoiceCreation {
  const { description, footer, metadata } = invoice_creation?.invoice_data ?? {};
  return {
    enabled: invoice_creation?.enabled ?? false,
    invoice_data: {
      account_tax_ids: null,
      custom_fields: null,
      description: description ?? null,
      footer: footer ?? null,
      issuer: null,
      metadata: mergeMetadata({}, metadata),
      rendering_options: null,
    },
  };
}
