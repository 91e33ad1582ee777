import { type Context, Hono } from "hono";
import { html } from "hono/html";
import type Stripe from "stripe";
import { cardFrom } from "./card-form";
import { challengePage } from "./checkout-page";
import { changeCustomer } from "./customer";
import { StripeFailure } from "./failure";
import { nameOf } from "./line";
import { priceText } from "./money";
import { cardFields, cardList, type Markup, page } from "./page";
import { detachPaymentMethod } from "./payment-method";
import { confirmSetup, createSetup } from "./setup-intent";
import { endSubscription } from "./subscription";
import { updateSubscription } from "./subscription-update";
import { isOver } from "./subscription-watch";
import { dayText, invoiceStatusText, type Language, languageOf, refusalText, words } from "./words";
import type { World } from "./world";

type Given = Record<string, string>;

/** The billing portal: a customer changes his card, ends or keeps his subscription, finds his invoices. */
export function portalPages(world: World): Hono {
  return new Hono()
    .get("/portal/:id", (c) => show(c, world, {}, null))
    .post("/portal/:id", async (c) => {
      const given = Object.fromEntries(new URLSearchParams(await c.req.text()));
      const session = world.require("billing_portal.session", c.req.param("id"));
      const language = languageFor(c, session);
      try {
        if (given.action === "card" || given.method) {
          const asked = saveCard(world, session, given);
          if (asked) return c.html(challengePage(language, words[language], { method: asked }));
        } else world.store.transact(() => act(world, session, given));
      } catch (error) {
        if (!(error instanceof StripeFailure)) throw error;
        return show(c, world, given, refusalText(words[language], error.body.code, error.body.decline_code));
      }
      const { after_completion } = session.flow ?? {};
      return c.redirect(after_completion?.redirect?.return_url ?? `/portal/${session.id}`, 303);
    });
}

/** Saves a card and makes it the one that pays. @returns the card whose bank asks for 3-D Secure first */
function saveCard(world: World, { customer }: Stripe.BillingPortal.Session, given: Given): string | null {
  return world.store.transact(() => {
    if (given.result === "fail")
      throw new StripeFailure(402, { type: "card_error", code: "authentication", message: "" });
    const method = given.method ?? cardFrom(world, given);
    const setup = createSetup(world, { customer, payment_method: method });
    const { intent, failure } = confirmSetup(world, setup, { isAuthenticated: given.result === "complete" });
    if (failure) throw failure.undone();
    if (intent.status === "requires_action") return method;
    makeDefault(world, customer, method);
    return null;
  });
}

function makeDefault(world: World, customer: string, method: string): void {
  const { invoice_settings } = world.require("customer", customer);
  changeCustomer(world, customer, {
    invoice_settings: { ...invoice_settings, default_payment_method: method },
  });
  for (const subscription of liveOf(world, customer)) {
    // The card on a subscription would go before the customer's.
    if (subscription.default_payment_method)
      updateSubscription(world, subscription.id, { default_payment_method: method });
  }
}

function act(
  world: World,
  { customer, configuration }: Stripe.BillingPortal.Session,
  { action, subject = "" }: Given,
): void {
  if (action === "default" && owns(world.require("payment_method", subject), customer))
    makeDefault(world, customer, subject);
  if (action === "remove" && owns(world.require("payment_method", subject), customer))
    detachPaymentMethod(world, subject);
  const subscription = liveOf(world, customer).find(({ id }) => id === subject);
  if (!subscription) return;
  const { mode } = world.require("billing_portal.configuration", String(configuration)).features
    .subscription_cancel;
  if (action === "cancel" && mode === "immediately") endSubscription(world, subject);
  else if (action === "cancel") updateSubscription(world, subject, { cancel_at_period_end: true });
  if (action === "resume") updateSubscription(world, subject, { cancel_at_period_end: false });
}

const owns = ({ customer }: { customer: unknown }, id: string) => customer === id;

function show(c: Context, world: World, given: Given, wrong: string | null) {
  const session = world.require("billing_portal.session", c.req.param("id") ?? "");
  return c.html(portalPage(world, session, languageFor(c, session), given, wrong), wrong ? 422 : 200);
}

function portalPage(
  world: World,
  session: Stripe.BillingPortal.Session,
  language: Language,
  given: Given,
  wrong: string | null,
): Markup {
  const t = words[language];
  const { features } = world.require("billing_portal.configuration", String(session.configuration));
  const flow = session.flow?.type;
  return page(
    language,
    t.portal,
    html`<main class="one">
    ${session.return_url ? html`<a class="back" href="${session.return_url}">← ${t.back}</a>` : ""}
    <h1>${t.portal}</h1>
    ${flow === "payment_method_update" ? "" : plans(world, session, language)}
    ${features.payment_method_update.enabled && flow !== "subscription_cancel" ? cards(world, session, language, given, wrong) : ""}
    ${features.invoice_history.enabled && !flow ? invoices(world, session, language) : ""}
    </main>`,
  );
}

function plans(world: World, { customer }: Stripe.BillingPortal.Session, language: Language): Markup {
  const t = words[language];
  const found = liveOf(world, customer);
  return html`<section class="sheet"><h2>${t.plan}</h2>${found.length === 0 ? html`<p class="soft">${t.noPlan}</p>` : ""}
  ${found.map(({ id, items, cancel_at, currency }) => {
    const end = items.data[0]?.current_period_end ?? 0;
    return html`<form class="line" method="post"><input type="hidden" name="subject" value="${id}">
    <span>${items.data.map(({ price }) => `${nameOf(world, price)} · ${priceText(world.store.get("price", price.id)?.currency_options?.[currency]?.unit_amount ?? 0, currency, language)}`).join(", ")}
    <br><span class="soft">${cancel_at === null ? t.renews(dayText(end, language)) : t.ends(dayText(cancel_at, language))}</span></span>
    ${cancel_at === null ? html`<button name="action" value="cancel">${t.cancelPlan}</button>` : html`<button name="action" value="resume">${t.resumePlan}</button>`}
    </form>`;
  })}</section>`;
}

function cards(
  world: World,
  { customer }: Stripe.BillingPortal.Session,
  language: Language,
  given: Given,
  wrong: string | null,
): Markup {
  const t = words[language];
  const saved = world.store.all("payment_method").filter((method) => method.customer === customer);
  // The card on a subscription goes before the customer's.
  const chosen =
    liveOf(world, customer).find(({ default_payment_method }) => default_payment_method)
      ?.default_payment_method ?? world.require("customer", customer).invoice_settings.default_payment_method;
  return html`<section class="sheet"><h2>${t.paymentMethod}</h2>${saved.length === 0 ? html`<p class="soft">${t.noCard}</p>` : ""}
  ${saved.map(
    ({ id, card }) => html`<form class="line" method="post"><input type="hidden" name="subject" value="${id}">
    <span><span class="brand">${card?.brand}</span> •••• ${card?.last4} <span class="soft">${card?.exp_month}/${card?.exp_year}</span></span>
    ${
      id === chosen
        ? html`<span class="tag">${t.isDefault}</span>`
        : html`<span><button class="plain" name="action" value="default">${t.makeDefault}</button>
    <button class="plain" name="action" value="remove">${t.removeCard}</button></span>`
    }</form>`,
  )}
  <form method="post"><h2>${t.addCard}</h2>${cardFields(t, given, wrong)}<button class="primary" name="action" value="card">${t.saveCard}</button>${cardList(t)}</form>
  </section>`;
}

function invoices(world: World, { customer }: Stripe.BillingPortal.Session, language: Language): Markup {
  const t = words[language];
  const found = world.store
    .all("invoice")
    .filter((invoice) => invoice.customer === customer && invoice.status !== "draft")
    .reverse();
  return html`<section class="sheet"><h2>${t.invoices}</h2>${found.length === 0 ? html`<p class="soft">${t.noInvoices}</p>` : ""}
  ${found.map(
    ({
      id,
      number,
      created,
      total,
      currency,
      status,
    }) => html`<div class="line"><a href="/invoice/${id}">${number}</a>
    <span class="soft">${dayText(created, language)}</span><span>${priceText(total, currency, language)}</span>
    <span class="tag">${invoiceStatusText(t, status)}</span></div>`,
  )}</section>`;
}

const liveOf = (world: World, customer: string) =>
  world.store
    .all("subscription")
    .filter((subscription) => subscription.customer === customer && !isOver(subscription));

const languageFor = (c: Context, { locale }: Stripe.BillingPortal.Session) =>
  languageOf(locale, c.req.header("accept-language"));
