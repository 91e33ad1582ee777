import type Stripe from "stripe";
import { z } from "zod";
import { requireCustomer } from "./customer";
import { discountParams, redeemAll } from "./discount";
import { invalid } from "./failure";
import {
  abandonInvoice,
  collectInvoice,
  draftInvoice,
  finalizeInvoice,
  markPaid,
  refreshDraft,
} from "./invoice";
import { intentOf, subscriptionOf } from "./invoice-links";
import { blankInvoice, taxed } from "./invoice-shape";
import { listOf, type Operation, operation, pageOf } from "./operation";
import { clearable, created, flag, isWithin, mergeMetadata, metadata, pages, text, whole } from "./params";
import type { Deleted } from "./records";
import { previousOf, type World } from "./world";

const hourS = 3600;
const changes = {
  auto_advance: flag.optional(),
  automatic_tax: z.strictObject({ enabled: flag }).optional(),
  collection_method: z.enum(["charge_automatically", "send_invoice"]).optional(),
  days_until_due: whole.optional(),
  default_payment_method: clearable(text).optional(),
  description: clearable(text).optional(),
  discounts: clearable(discountParams).optional(),
  footer: clearable(text).optional(),
  metadata: metadata.optional(),
  payment_settings: z.strictObject({ payment_method_types: clearable(z.array(text)).optional() }).optional(),
};
const creation = {
  ...changes,
  currency: text.optional(),
  customer: text,
  pending_invoice_items_behavior: z.enum(["include", "exclude"]).optional(),
};

export const invoiceOperations: Operation[] = [
  operation("POST", "/v1/invoices", creation, (world, params) => createInvoice(world, params)),
  operation("GET", "/v1/invoices/:id", {}, (world, _params, id) => world.require("invoice", id)),
  operation("POST", "/v1/invoices/:id", changes, (world, params, id) => updateInvoice(world, id, params)),
  operation("DELETE", "/v1/invoices/:id", {}, (world, _params, id) => deleteDraft(world, id)),
  operation(
    "POST",
    "/v1/invoices/:id/finalize",
    { auto_advance: flag.optional() },
    (world, { auto_advance }, id) => {
      const invoice = finalizeInvoice(world, id);
      const isOpen = auto_advance === true && invoice.status === "open";
      return isOpen ? collectInvoice(world, id).invoice : invoice;
    },
  ),
  operation(
    "POST",
    "/v1/invoices/:id/pay",
    {
      forgive: flag.optional(),
      off_session: flag.optional(),
      paid_out_of_band: flag.optional(),
      payment_method: text.optional(),
    },
    (world, params, id) => payInvoice(world, id, params),
  ),
  operation("POST", "/v1/invoices/:id/void", {}, (world, _params, id) => abandonInvoice(world, id, "void")),
  operation("POST", "/v1/invoices/:id/mark_uncollectible", {}, (world, _params, id) =>
    abandonInvoice(world, id, "uncollectible"),
  ),
  operation("GET", "/v1/invoices/:id/lines", pages, (world, paging, id) =>
    pageOf(world.require("invoice", id).lines.data, paging, `/v1/invoices/${id}/lines`),
  ),
  operation(
    "GET",
    "/v1/invoices",
    {
      ...pages,
      ...created,
      collection_method: text.optional(),
      customer: text.optional(),
      status: z.enum(["draft", "open", "paid", "uncollectible", "void"]).optional(),
      subscription: text.optional(),
    },
    (world, { customer, status, subscription, collection_method, created, ...paging }) =>
      listOf(
        world,
        "invoice",
        paging,
        "/v1/invoices",
        (invoice) =>
          (customer === undefined || invoice.customer === customer) &&
          (status === undefined || invoice.status === status) &&
          (subscription === undefined || subscriptionOf(invoice) === subscription) &&
          (collection_method === undefined || invoice.collection_method === collection_method) &&
          isWithin(invoice.created, created),
      ),
  ),
  operation("GET", "/v1/invoice_payments/:id", {}, (world, _params, id) =>
    world.require("invoice_payment", id),
  ),
  operation(
    "GET",
    "/v1/invoice_payments",
    {
      ...pages,
      invoice: text.optional(),
      payment: z
        .strictObject({ payment_intent: text.optional(), type: z.literal("payment_intent") })
        .optional(),
      status: z.enum(["canceled", "open", "paid"]).optional(),
    },
    (world, { invoice, payment, status, ...paging }) =>
      listOf(
        world,
        "invoice_payment",
        paging,
        "/v1/invoice_payments",
        (found) =>
          (invoice === undefined || found.invoice === invoice) &&
          (payment?.payment_intent === undefined ||
            found.payment.payment_intent === payment.payment_intent) &&
          (status === undefined || found.status === status),
      ),
  ),
];

export const invoiceIncludes = {
  "invoice.payments": (world: World, { id }: { id: string }) => ({
    object: "list",
    data: world.store.all("invoice_payment").filter(({ invoice }) => invoice === id),
    has_more: false,
    url: `/v1/invoice_payments?invoice=${id}`,
  }),
  "invoice.confirmation_secret": (world: World, { id }: { id: string }) => {
    const intent = intentOf(world, id);
    return intent ? { client_secret: intent.client_secret, type: "payment_intent" } : null;
  },
};

type Changes = z.output<z.ZodObject<typeof changes>>;

function createInvoice(world: World, params: z.output<z.ZodObject<typeof creation>>): Stripe.Invoice {
  const customer = requireCustomer(world, params.customer);
  const currency = (params.currency ?? customer.currency ?? "usd").toLowerCase();
  const now = world.nowFor(customer.id);
  return draftInvoice(world, {
    customer: customer.id,
    currency,
    reason: "manual",
    terms: [],
    discounts: redeemAll(world, params.discounts ?? [], { customer: customer.id, currency }),
    finalizesAt: params.auto_advance ? now + hourS : null,
    takesPending: params.pending_invoice_items_behavior === "include",
    fields: fieldsOf(world, { metadata: {} }, params, now),
  });
}

function updateInvoice(world: World, id: string, params: Changes): Stripe.Invoice {
  const before = world.require("invoice", id);
  if (before.status !== "draft" && params.discounts !== undefined) throw notEditable();
  const place = { customer: String(before.customer), currency: before.currency };
  const discounts =
    params.discounts === undefined
      ? before.discounts
      : redeemAll(world, params.discounts ?? [], place).map((discount) => discount.id);
  const now = world.nowFor(place.customer);
  world.store.put("invoice", { ...before, ...fieldsOf(world, before, params, now), discounts });
  const after = before.status === "draft" ? refreshDraft(world, id) : world.require("invoice", id);
  world.emit("invoice.updated", after, previousOf(before, after));
  return after;
}

/** The fields that a request sets. */
function fieldsOf(
  world: World,
  before: Pick<Stripe.Invoice, "metadata">,
  params: Changes,
  now: number,
): Partial<Stripe.Invoice> {
  const method = params.default_payment_method;
  if (method) world.require("payment_method", method, "default_payment_method");
  const { auto_advance, automatic_tax, collection_method, description, footer, days_until_due } = params;
  return {
    metadata: mergeMetadata(before.metadata, params.metadata),
    ...(auto_advance === undefined
      ? {}
      : { auto_advance, automatically_finalizes_at: auto_advance ? now + hourS : null }),
    ...(automatic_tax ? { automatic_tax: automatic_tax.enabled ? taxed : blankInvoice.automatic_tax } : {}),
    ...(collection_method === undefined ? {} : { collection_method }),
    ...(days_until_due === undefined ? {} : { due_date: now + days_until_due * 24 * hourS }),
    ...(method === undefined ? {} : { default_payment_method: method }),
    ...(description === undefined ? {} : { description }),
    ...(footer === undefined ? {} : { footer }),
  };
}

type Payment = { paid_out_of_band?: boolean | undefined; payment_method?: string | undefined };

function payInvoice(world: World, id: string, { paid_out_of_band, payment_method }: Payment): Stripe.Invoice {
  const { status } = world.require("invoice", id);
  if (status === "paid") throw invalid("Invoice is already paid", { code: "invoice_already_paid" });
  if (status === "void")
    throw invalid("This invoice is void and cannot be paid.", { code: "invoice_not_editable" });
  const invoice = status === "draft" ? finalizeInvoice(world, id) : world.require("invoice", id);
  if (invoice.status === "paid") return invoice;
  if (paid_out_of_band) {
    markPaid(world, id, { amount_paid: 0, amount_paid_off_stripe: invoice.amount_due });
    return world.require("invoice", id);
  }
  const method = payment_method && ownMethod(world, invoice, payment_method);
  const collected = collectInvoice(world, id, { method });
  // A finalised invoice stays one, whatever became of its payment.
  if (collected.failure) throw collected.failure;
  return collected.invoice;
}

function ownMethod(world: World, invoice: Stripe.Invoice, id: string): string {
  const { customer } = world.require("payment_method", id, "payment_method");
  if (customer === invoice.customer) return id;
  throw invalid(
    `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
    { code: "resource_missing", param: "payment_method" },
  );
}

function deleteDraft(world: World, id: string): Deleted {
  const invoice = world.require("invoice", id);
  if (invoice.status !== "draft" || subscriptionOf(invoice)) {
    throw invalid("You can only delete draft invoices that are not of a subscription.", {
      code: "invoice_not_editable",
    });
  }
  for (const item of world.store.all("invoiceitem").filter((item) => item.invoice === id)) {
    world.store.remove("invoiceitem", item.id);
  }
  world.store.remove("invoice", id);
  world.emit("invoice.deleted", invoice);
  return world.store.put("deleted", { id, object: "invoice", deleted: true });
}

const notEditable = () => invalid("This invoice can no longer be edited.", { code: "invoice_not_editable" });

/** Keeps invoices in step with their items and payments. */
export function watchInvoices(world: World): void {
  world.on(["invoiceitem.created", "invoiceitem.deleted"], (_, object) => {
    if ("invoice" in object && typeof object.invoice === "string") refreshDraft(world, object.invoice);
  });
  world.on(
    ["payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.requires_action"],
    (_, object) => {
      const intent = "id" in object ? world.store.get("payment_intent", String(object.id)) : undefined;
      const payment = world.store
        .all("invoice_payment")
        .find((found) => found.payment.payment_intent === intent?.id);
      if (!intent || typeof payment?.invoice !== "string") return;
      if (intent.status === "succeeded") return markPaid(world, payment.invoice);
      if (intent.status === "requires_action") {
        world.emit("invoice.payment_action_required", world.require("invoice", payment.invoice));
      }
      world.emit("invoice.payment_failed", world.require("invoice", payment.invoice));
    },
  );
}
