import type Stripe from "stripe";
import { couponOf } from "./discount";
import { abandonInvoice } from "./invoice";
import { intentOf, subscriptionOf } from "./invoice-links";
import type { EventType } from "./records";
import { changeSubscription, endSubscription } from "./subscription";
import type { World } from "./world";

/** How a subscription follows its invoices. */
export function watchSubscriptions(world: World): void {
  const onInvoice = (
    type: EventType,
    react: (invoice: Stripe.Invoice, subscription: Stripe.Subscription) => void,
  ) =>
    world.on([type], (_, object) => {
      const invoice = "id" in object ? world.store.get("invoice", String(object.id)) : undefined;
      const subscription = invoice && world.store.get("subscription", subscriptionOf(invoice) ?? "");
      if (invoice && subscription) react(invoice, subscription);
    });
  onInvoice("invoice.finalized", (invoice, subscription) => useUp(world, invoice, subscription));
  onInvoice("invoice.paid", (invoice, subscription) => whenPaid(world, invoice, subscription));
  onInvoice("invoice.payment_failed", (invoice, subscription) => whenFailed(world, invoice, subscription));
  onInvoice("invoice.voided", (invoice, subscription) => whenVoided(world, invoice, subscription));
  world.on(["customer.deleted"], (_, object) => {
    for (const subscription of world.store.all("subscription")) {
      const isIts = "id" in object && subscription.customer === object.id;
      if (isIts && !isOver(subscription)) endSubscription(world, subscription.id);
    }
  });
}

/** True for one that will never be billed again. */
export function isOver({ status }: Stripe.Subscription): boolean {
  return status === "canceled" || status === "incomplete_expired";
}

/** A coupon for one invoice is gone after it. */
function useUp(world: World, invoice: Stripe.Invoice, subscription: Stripe.Subscription): void {
  const used = new Set(
    invoice.total_discount_amounts
      ?.filter(({ amount }) => amount > 0)
      .map(({ discount }) => String(discount)),
  );
  const left = subscription.discounts.filter((id) => {
    const discount = world.store.get("discount", String(id));
    return !(discount && used.has(discount.id) && couponOf(world, discount)?.duration === "once");
  });
  if (left.length < subscription.discounts.length)
    changeSubscription(world, subscription.id, { discounts: left });
}

function whenPaid(world: World, invoice: Stripe.Invoice, subscription: Stripe.Subscription): void {
  const { id, status } = subscription;
  if (isOver(subscription)) return;
  const pending = world.store.get("pending_change", id);
  if (pending?.invoice === invoice.id) {
    world.store.remove("pending_change", id);
    const hasWaited = subscription.pending_update !== null;
    const after = changeSubscription(world, id, { ...pending.change, pending_update: null });
    if (hasWaited) world.emit("customer.subscription.pending_update_applied", after);
  }
  const method = intentOf(world, invoice.id)?.payment_method;
  const keeps = subscription.payment_settings?.save_default_payment_method === "on_subscription";
  const recovers =
    status === "incomplete" ||
    ((status === "past_due" || status === "unpaid") && subscription.latest_invoice === invoice.id);
  changeSubscription(world, id, {
    ...(keeps && typeof method === "string" ? { default_payment_method: method } : {}),
    ...(recovers ? { status: "active" } : {}),
  });
}

function whenFailed(world: World, invoice: Stripe.Invoice, subscription: Stripe.Subscription): void {
  const { id, status } = subscription;
  const isPending = world.store.get("pending_change", id)?.invoice === invoice.id;
  if (isOver(subscription) || isPending || status === "incomplete" || !invoice.auto_advance) return;
  if (status === "active" || status === "trialing") changeSubscription(world, id, { status: "past_due" });
  if (invoice.next_payment_attempt !== null) return;
  const ending = world.store.get("secret", "when_unpaid")?.value ?? "cancel";
  if (ending === "cancel") endSubscription(world, id, { reason: "payment_failed" });
  if (ending === "unpaid") changeSubscription(world, id, { status: "unpaid" });
}

function whenVoided(world: World, invoice: Stripe.Invoice, subscription: Stripe.Subscription): void {
  const { id, status } = subscription;
  if (world.store.get("pending_change", id)?.invoice === invoice.id) {
    world.store.remove("pending_change", id);
    const after = changeSubscription(world, id, { pending_update: null });
    world.emit("customer.subscription.pending_update_expired", after);
  }
  if (subscription.latest_invoice !== invoice.id) return;
  if (status === "incomplete") endSubscription(world, id);
  if (status === "past_due") changeSubscription(world, id, { status: "active" });
}

/** One whose first payment never came. */
export function expireIncomplete(world: World, { id, latest_invoice }: Stripe.Subscription): void {
  const invoice = world.store.get("invoice", String(latest_invoice));
  if (invoice?.status === "open") abandonInvoice(world, invoice.id, "void");
  const left = world.require("subscription", id);
  if (!isOver(left)) endSubscription(world, id);
}
