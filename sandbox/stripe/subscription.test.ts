import type Stripe from "stripe";
import { expect, it } from "vitest";
import { refusalOf, testSandbox } from "./test-client";

const t = testSandbox();
const start = Date.UTC(2026, 0, 31, 12) / 1000;
const dayS = 86_400;
const at = (iso: string) => Date.parse(`${iso}T12:00:00Z`) / 1000;

async function aPrice(amount: number, interval: "month" | "year" = "month"): Promise<string> {
  const product = await t.stripe.products.create({ name: amount > 2000 ? "Premium" : "Pro" });
  return (
    await t.stripe.prices.create({
      product: product.id,
      currency: "usd",
      unit_amount: amount,
      recurring: { interval },
    })
  ).id;
}

/** A customer on a clock of his own, with a card. */
async function aCustomer(card = "pm_card_visa") {
  const clock = await t.stripe.testHelpers.testClocks.create({ frozen_time: start });
  const { id } = await t.stripe.customers.create({ test_clock: clock.id, email: "ada@example.com" });
  const method = await t.stripe.paymentMethods.attach(card, { customer: id });
  await t.stripe.customers.update(id, { invoice_settings: { default_payment_method: method.id } });
  const advance = (frozen_time: number) => t.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time });
  return { id, advance };
}

const invoicesOf = async (subscription: string) =>
  (await t.stripe.invoices.list({ subscription })).data.reverse();
const amounts = (invoice: Stripe.Invoice | undefined) => invoice?.lines.data.map(({ amount }) => amount);
const invoiceOf = (subscription: Stripe.Subscription) =>
  typeof subscription.latest_invoice === "string"
    ? t.stripe.invoices.retrieve(subscription.latest_invoice)
    : subscription.latest_invoice;

it("is active once its first invoice is paid", async () => {
  const { id: customer } = await aCustomer();
  const subscription = await t.stripe.subscriptions.create({
    customer,
    items: [{ price: await aPrice(1200) }],
    expand: ["latest_invoice.payments"],
  });
  expect(subscription.status).toBe("active");
  expect(subscription.latest_invoice).toMatchObject({
    status: "paid",
    billing_reason: "subscription_create",
    amount_paid: 1200,
    parent: { subscription_details: { subscription: subscription.id } },
    payments: { data: [{ status: "paid", payment: { type: "payment_intent" } }] },
    lines: {
      data: [{ description: "1 × Pro (at $12.00 / month)", parent: { type: "subscription_item_details" } }],
    },
  });
  const [item] = subscription.items.data;
  expect([item?.current_period_start, item?.current_period_end]).toEqual([start, at("2026-02-28")]);
});

it("renews from its anchor: a draft for an hour, then paid", async () => {
  const { id: customer, advance } = await aCustomer();
  const { id } = await t.stripe.subscriptions.create({ customer, items: [{ price: await aPrice(1200) }] });
  await advance(at("2026-02-28") + 60);
  expect((await invoicesOf(id)).map(({ status }) => status)).toEqual(["paid", "draft"]);
  await advance(at("2026-02-28") + 3700);
  const [, renewal] = await invoicesOf(id);
  expect(renewal).toMatchObject({ status: "paid", billing_reason: "subscription_cycle" });
  expect(renewal?.lines.data[0]?.period).toEqual({ start: at("2026-02-28"), end: at("2026-03-31") });
  await advance(at("2027-01-31") + 3700);
  expect(await invoicesOf(id)).toHaveLength(10);
  expect((await t.stripe.invoices.list({ subscription: id, limit: 100 })).data).toHaveLength(13);
});

it("is tried again after a failed renewal, then ends", async () => {
  const { id: customer, advance } = await aCustomer();
  const { id } = await t.stripe.subscriptions.create({ customer, items: [{ price: await aPrice(1200) }] });
  const bad = await t.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  await t.stripe.customers.update(customer, { invoice_settings: { default_payment_method: bad.id } });
  const failed = at("2026-02-28") + 3600;
  await advance(failed + 60);
  expect((await t.stripe.subscriptions.retrieve(id)).status).toBe("past_due");
  const [, renewal] = await invoicesOf(id);
  expect(renewal).toMatchObject({
    status: "open",
    attempt_count: 1,
    next_payment_attempt: failed + 3 * dayS,
  });
  await advance(failed + 16 * dayS);
  expect(await t.stripe.subscriptions.retrieve(id)).toMatchObject({
    status: "canceled",
    cancellation_details: { reason: "payment_failed" },
  });
  expect((await invoicesOf(id))[1]).toMatchObject({
    status: "open",
    attempt_count: 4,
    next_payment_attempt: null,
  });
});

it("is active again when the owed invoice is paid with another card", async () => {
  const { id: customer, advance } = await aCustomer();
  const { id } = await t.stripe.subscriptions.create({ customer, items: [{ price: await aPrice(1200) }] });
  const bad = await t.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  await t.stripe.subscriptions.update(id, { default_payment_method: bad.id });
  await advance(at("2026-02-28") + 3700);
  const [, owed] = await invoicesOf(id);
  expect(await refusalOf(t.stripe.invoices.pay(owed?.id ?? ""))).toMatchObject({ code: "card_declined" });
  const good = await t.stripe.paymentMethods.attach("pm_card_mastercard", { customer });
  expect(await t.stripe.invoices.pay(owed?.id ?? "", { payment_method: good.id })).toMatchObject({
    status: "paid",
  });
  expect((await t.stripe.subscriptions.retrieve(id)).status).toBe("active");
});

it("costs nothing while a trial lasts, warns before its end and bills after it", async () => {
  const { id: customer, advance } = await aCustomer();
  const trial = await t.stripe.subscriptions.create({
    customer,
    items: [{ price: await aPrice(1200) }],
    trial_period_days: 7,
  });
  expect(trial).toMatchObject({ status: "trialing", trial_end: start + 7 * dayS });
  expect(await invoiceOf(trial)).toMatchObject({ status: "paid", amount_due: 0 });
  await advance(start + 4 * dayS + 60);
  const warned = await t.stripe.events.list({ type: "customer.subscription.trial_will_end" });
  expect(warned.data.filter(({ data }) => "id" in data.object && data.object.id === trial.id)).toHaveLength(
    1,
  );
  await advance(start + 7 * dayS + 3700);
  expect((await t.stripe.subscriptions.retrieve(trial.id)).status).toBe("active");
  expect(amounts((await invoicesOf(trial.id))[1])).toEqual([1200]);
});

it("bills an upgrade at once, with what is left of the old price given back", async () => {
  const { id: customer, advance } = await aCustomer();
  const made = await t.stripe.subscriptions.create({ customer, items: [{ price: await aPrice(1200) }] });
  await advance(start + 14 * dayS);
  const change = {
    items: [{ id: made.items.data[0]?.id ?? "", price: await aPrice(3900) }],
    proration_behavior: "always_invoice" as const,
  };
  const preview = await t.stripe.invoices.createPreview({
    subscription: made.id,
    subscription_details: change,
  });
  expect(amounts(preview)).toEqual([-600, 1950]);
  const upgraded = await t.stripe.subscriptions.update(made.id, {
    ...change,
    payment_behavior: "pending_if_incomplete",
  });
  expect(upgraded).toMatchObject({
    pending_update: null,
    items: { data: [{ price: { unit_amount: 3900 } }] },
  });
  const invoice = await invoiceOf(upgraded);
  expect(invoice).toMatchObject({
    billing_reason: "subscription_update",
    status: "paid",
    amount_paid: preview.amount_due,
  });
  const [credit] = invoice?.lines.data ?? [];
  expect(credit?.parent?.subscription_item_details).toMatchObject({
    proration: true,
    proration_details: { credited_items: { invoice: made.latest_invoice } },
  });
});

it("keeps the old price until an upgrade is paid, and drops the upgrade after 23 hours", async () => {
  const { id: customer, advance } = await aCustomer();
  const made = await t.stripe.subscriptions.create({ customer, items: [{ price: await aPrice(1200) }] });
  const bad = await t.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  await t.stripe.subscriptions.update(made.id, { default_payment_method: bad.id });
  await advance(start + dayS);
  const change = {
    items: [{ id: made.items.data[0]?.id ?? "", price: await aPrice(3900) }],
    proration_behavior: "always_invoice" as const,
    payment_behavior: "pending_if_incomplete" as const,
  };
  const pending = await t.stripe.subscriptions.update(made.id, change);
  expect(pending).toMatchObject({ status: "active", items: { data: [{ price: { unit_amount: 1200 } }] } });
  expect(pending.pending_update?.subscription_items?.[0]?.price.unit_amount).toBe(3900);
  await advance(start + 2 * dayS);
  expect((await t.stripe.subscriptions.retrieve(made.id)).pending_update).toBeNull();
  expect((await invoiceOf(pending))?.status).toBe("void");
  const again = await t.stripe.subscriptions.update(made.id, change);
  const good = await t.stripe.paymentMethods.attach("pm_card_visa", { customer });
  await t.stripe.invoices.pay(String(again.latest_invoice), { payment_method: good.id });
  expect(await t.stripe.subscriptions.retrieve(made.id)).toMatchObject({
    pending_update: null,
    items: { data: [{ price: { unit_amount: 3900 } }] },
  });
});

it("begins a new period when a month becomes a year", async () => {
  const { id: customer, advance } = await aCustomer();
  const made = await t.stripe.subscriptions.create({ customer, items: [{ price: await aPrice(1200) }] });
  await advance(start + 14 * dayS);
  const yearly = await t.stripe.subscriptions.update(made.id, {
    items: [{ id: made.items.data[0]?.id ?? "", price: await aPrice(12_000, "year") }],
  });
  expect(yearly.items.data[0]?.current_period_end).toBe(at("2027-02-14"));
  expect(amounts((await invoiceOf(yearly)) ?? undefined)).toEqual([-600, 12_000]);
});

it("makes credit of a downgrade, which the next invoice uses up", async () => {
  const { id: customer, advance } = await aCustomer();
  const made = await t.stripe.subscriptions.create({ customer, items: [{ price: await aPrice(3900) }] });
  await advance(start + 14 * dayS);
  await t.stripe.subscriptions.update(made.id, {
    items: [{ id: made.items.data[0]?.id ?? "", price: await aPrice(1200) }],
    proration_behavior: "always_invoice",
  });
  expect(await t.stripe.customers.retrieve(customer)).toMatchObject({ balance: -1350 });
  await advance(at("2026-02-28") + 3700);
  expect((await invoicesOf(made.id))[2]).toMatchObject({
    total: 1200,
    amount_due: 0,
    status: "paid",
    ending_balance: -150,
  });
});

it("stays until the period's end when cancelled, unless that is taken back", async () => {
  const { id: customer, advance } = await aCustomer();
  const { id } = await t.stripe.subscriptions.create({ customer, items: [{ price: await aPrice(1200) }] });
  const ending = await t.stripe.subscriptions.update(id, { cancel_at_period_end: true });
  expect(ending).toMatchObject({ status: "active", cancel_at: at("2026-02-28") });
  const resumed = await t.stripe.subscriptions.update(id, { cancel_at_period_end: false });
  expect(resumed).toMatchObject({ cancel_at: null, canceled_at: null });
  await t.stripe.subscriptions.update(id, { cancel_at_period_end: true });
  await advance(at("2026-02-28") + 60);
  expect(await t.stripe.subscriptions.retrieve(id)).toMatchObject({
    status: "canceled",
    ended_at: at("2026-02-28"),
  });
  expect(await invoicesOf(id)).toHaveLength(1);
});

it("waits for its first payment, and expires without it", async () => {
  const { id: customer, advance } = await aCustomer("pm_card_chargeCustomerFail");
  const items = [{ price: await aPrice(1200) }];
  const waiting = await t.stripe.subscriptions.create({ customer, items });
  expect(waiting.status).toBe("incomplete");
  const error = await refusalOf(
    t.stripe.subscriptions.create({ customer, items, payment_behavior: "error_if_incomplete" }),
  );
  expect(error).toMatchObject({ statusCode: 402, code: "card_declined" });
  expect((await t.stripe.subscriptions.list({ customer, status: "all" })).data).toHaveLength(1);
  await advance(start + dayS);
  expect((await t.stripe.subscriptions.retrieve(waiting.id)).status).toBe("incomplete_expired");
});

it("can be paid for by the customer himself, and keeps that card", async () => {
  const { id: customer } = await aCustomer();
  const waiting = await t.stripe.subscriptions.create({
    customer,
    items: [{ price: await aPrice(1200) }],
    payment_behavior: "default_incomplete",
    payment_settings: { save_default_payment_method: "on_subscription" },
    expand: ["latest_invoice.confirmation_secret", "latest_invoice.payments"],
  });
  const invoice = await invoiceOf(waiting);
  const secret = invoice?.confirmation_secret?.client_secret ?? "";
  const paid = await t.stripe.paymentIntents.confirm(secret.split("_secret")[0] ?? "", {
    payment_method: "pm_card_mastercard",
  });
  expect(paid.status).toBe("succeeded");
  const after = await t.stripe.subscriptions.retrieve(waiting.id, { expand: ["default_payment_method"] });
  expect(after).toMatchObject({
    status: "active",
    default_payment_method: { card: { brand: "mastercard" } },
  });
});

it("is cheaper by a coupon for as long as the coupon says", async () => {
  const { id: customer, advance } = await aCustomer();
  const coupon = await t.stripe.coupons.create({ percent_off: 25, duration: "once" });
  const code = await t.stripe.promotionCodes.create({
    promotion: { type: "coupon", coupon: coupon.id },
    code: "QUARTER",
  });
  const made = await t.stripe.subscriptions.create({
    customer,
    items: [{ price: await aPrice(1200) }],
    discounts: [{ promotion_code: code.id }],
    expand: ["latest_invoice.discounts.promotion_code"],
  });
  expect(made.latest_invoice).toMatchObject({
    subtotal: 1200,
    total: 900,
    discounts: [{ promotion_code: { code: "QUARTER" } }],
  });
  await advance(at("2026-02-28") + 3700);
  expect((await invoicesOf(made.id))[1]).toMatchObject({ total: 1200 });
});

it("previews the next renewal without leaving a trace", async () => {
  const { id: customer } = await aCustomer();
  const made = await t.stripe.subscriptions.create({ customer, items: [{ price: await aPrice(1200) }] });
  const events = (await t.stripe.events.list({ limit: 1 })).data[0]?.id;
  const preview = await t.stripe.invoices.createPreview({ subscription: made.id });
  expect(preview).toMatchObject({ amount_due: 1200, status: "draft" });
  expect(preview.lines.data[0]?.period.start).toBe(at("2026-02-28"));
  expect((await t.stripe.events.list({ limit: 1 })).data[0]?.id).toBe(events);
  expect(await invoicesOf(made.id)).toHaveLength(1);
});
