import { type Context, Hono } from "hono";
import { html } from "hono/html";
import type Stripe from "stripe";
import { cardFrom } from "./card-form";
import { linesOfSession, totalsOf } from "./checkout-lines";
import { asksFirst, completeSession } from "./checkout-payment";
import { StripeFailure } from "./failure";
import { nameOf } from "./line";
import { priceText } from "./money";
import { cardFields, cardList, type Markup, page } from "./page";
import { addInterval } from "./period";
import { unitAmount } from "./price";
import { usableCode } from "./promotion-code";
import type { SessionPayment } from "./records";
import { dayText, type Language, languageOf, refusalText, type Words, words } from "./words";
import type { World } from "./world";

type Given = Record<string, string>;
type View = {
  world: World;
  session: Stripe.Checkout.Session;
  language: Language;
  t: Words;
  given: Given;
  wrong: Wrong;
};
type Wrong = { card: string | null; email: string | null; code: string | null };
const nothingWrong: Wrong = { card: null, email: null, code: null };

/** The hosted page of a checkout session. */
export function checkoutPages(world: World): Hono {
  return new Hono()
    .get("/checkout/:id", (c) => show(c, world, {}, nothingWrong))
    .post("/checkout/:id", async (c) => {
      const given = await formOf(c);
      return given.action === "code" ? applyCode(c, world, given) : pay(c, world, given);
    })
    .get("/checkout/:id/3d-secure", (c) => {
      const session = openSession(world, c.req.param("id"));
      const language = languageFor(c, session ?? null);
      return c.html(session ? challengePage(language, words[language]) : gonePage(language));
    })
    .post("/checkout/:id/3d-secure", async (c) => {
      const { result } = await formOf(c);
      const id = c.req.param("id");
      const waiting = world.store.get("session_terms", id)?.waiting;
      if (!openSession(world, id) || !waiting) return show(c, world, {}, nothingWrong);
      if (result !== "complete") {
        const t = words[languageFor(c, openSession(world, id) ?? null)];
        return show(
          c,
          world,
          { email: waiting.email, name: waiting.name ?? "" },
          { ...nothingWrong, card: t.refused.authentication },
        );
      }
      return finish(c, world, id, waiting, true, { email: waiting.email, name: waiting.name ?? "" });
    });
}

function pay(c: Context, world: World, given: Given): Response | Promise<Response> {
  const session = openSession(world, c.req.param("id") ?? "");
  if (!session) return show(c, world, given, nothingWrong);
  const t = words[languageFor(c, session)];
  const email = given.email || emailOf(world, session);
  if (!email?.includes("@")) return show(c, world, given, { ...nothingWrong, email: t.required });
  try {
    const payment = world.store.transact((): SessionPayment => {
      const method =
        given.method && given.method !== "new"
          ? savedMethod(world, session, given.method)
          : cardFrom(world, { ...given, email });
      return { method, email, name: given.name || null, country: given.country || null };
    });
    if (!asksFirst(world, payment)) return finish(c, world, session.id, payment, false, given);
    world.store.transact(() => {
      const terms = world.store.get("session_terms", session.id);
      if (terms) world.store.put("session_terms", { ...terms, waiting: payment });
    });
    return c.redirect(`/checkout/${session.id}/3d-secure`, 303);
  } catch (error) {
    return refused(c, world, given, error);
  }
}

function finish(
  c: Context,
  world: World,
  id: string,
  payment: SessionPayment,
  isAuthenticated: boolean,
  given: Given,
): Response | Promise<Response> {
  try {
    const session = world.store.transact(() => completeSession(world, id, payment, isAuthenticated));
    return c.redirect(
      (session.success_url ?? session.return_url ?? "").replaceAll("{CHECKOUT_SESSION_ID}", id),
      303,
    );
  } catch (error) {
    return refused(c, world, given, error);
  }
}

/** What the card's issuer said, beside the card. */
function refused(c: Context, world: World, given: Given, error: unknown): Response | Promise<Response> {
  if (!(error instanceof StripeFailure)) throw error;
  const session = openSession(world, c.req.param("id") ?? "");
  const t = words[languageFor(c, session ?? null)];
  return show(c, world, given, {
    ...nothingWrong,
    card: refusalText(t, error.body.code, error.body.decline_code),
  });
}

function savedMethod(world: World, { customer }: Stripe.Checkout.Session, id: string): string {
  const method = world.require("payment_method", id);
  if (method.customer !== customer)
    throw new StripeFailure(400, { type: "invalid_request_error", message: "Not this customer's card." });
  return method.id;
}

function applyCode(c: Context, world: World, given: Given): Response | Promise<Response> {
  const session = openSession(world, c.req.param("id") ?? "");
  const terms = session && world.store.get("session_terms", session.id);
  if (!session || !terms || !session.allow_promotion_codes) return show(c, world, given, nothingWrong);
  const code = (given.code ?? "").trim().toLowerCase();
  const promotion = world.store
    .all("promotion_code")
    .find((known) => known.active && known.code.toLowerCase() === code);
  const total = {
    ...{ total: session.amount_subtotal ?? 0, currency: session.currency ?? "usd" },
    products: linesOfSession(world, session).map(({ price }) => String(price.product)),
  };
  const usable = usableCode(
    world,
    promotion,
    typeof session.customer === "string" ? session.customer : null,
    total,
  );
  const t = words[languageFor(c, session)];
  if (!usable) return show(c, world, given, { ...nothingWrong, code: t.wrongCode });
  world.store.transact(() => {
    world.store.put("session_terms", { ...terms, discounts: [{ promotion_code: usable.id }] });
    world.store.put("checkout.session", { ...session, ...totalsOf(world, session) });
  });
  return show(c, world, { ...given, code: "" }, nothingWrong);
}

function show(c: Context, world: World, given: Given, wrong: Wrong): Response | Promise<Response> {
  const session = openSession(world, c.req.param("id") ?? "");
  const language = languageFor(c, session ?? null);
  if (!session) return c.html(gonePage(language), 410);
  const isWrong = wrong.card ?? wrong.email ?? wrong.code;
  return c.html(
    sessionPage({ world, session, language, t: words[language], given, wrong }),
    isWrong ? 422 : 200,
  );
}

function sessionPage(view: View): Markup {
  const { session, t } = view;
  const title =
    session.mode === "setup"
      ? t.setupTitle
      : session.mode === "subscription"
        ? t.subscribe
        : t.pay(totalText(view));
  return page(
    view.language,
    title,
    html`<main class="${session.mode === "setup" ? "one" : "two"}">
      <div>
        ${session.cancel_url ? html`<a class="back" href="${session.cancel_url}">← ${t.back}</a>` : ""}
        ${session.mode === "setup" ? html`<h1>${t.setupTitle}</h1>` : summary(view)}
      </div>
      ${form(view)}
    </main>`,
  );
}

function summary(view: View): Markup {
  const { world, session, t, language, given, wrong } = view;
  const lines = linesOfSession(world, session);
  const currency = session.currency ?? "usd";
  const money = (amount: number) => priceText(amount, currency, language);
  const everyOf = ({ interval }: Stripe.Price.Recurring) =>
    ({ day: t.day, week: t.week, month: t.month, year: t.year })[String(interval)] ?? interval;
  const discount = session.total_details?.amount_discount ?? 0;
  return html`<h1>${lines.map(({ price }) => nameOf(world, price)).join(" + ")}</h1>
    <p class="big">${totalText(view)}</p>
    <ul class="rows">${lines.map(({ price, quantity, amount, isTrial }) => {
      const unit = money(unitAmount(price, currency));
      const later = price.recurring ? t.afterwards(unit, String(everyOf(price.recurring))) : "";
      return html`<li><span>${nameOf(world, price)}<small>${isTrial ? `${t.trialUntil(dayText(trialEnd(view), language))}${later}` : price.recurring ? `${unit} / ${everyOf(price.recurring)}` : t.each(unit, quantity)}</small></span><span>${money(amount)}</span></li>`;
    })}
    ${discount > 0 ? html`<li><span>${t.discount}</span><span>−${money(discount)}</span></li>` : ""}
    <li class="sum"><span>${t.dueToday}</span><span>${totalText(view)}</span></li></ul>
    ${
      session.allow_promotion_codes
        ? html`<form method="post"><input type="hidden" name="action" value="code">
        <label class="field"><span>${t.promotion}</span><div class="pair"><input name="code" value="${given.code ?? ""}"><button>${t.apply}</button></div></label>
        ${wrong.code ? html`<p class="wrong" role="alert">${wrong.code}</p>` : ""}</form>`
        : ""
    }`;
}

function form(view: View): Markup {
  const { world, session, t, given, wrong } = view;
  const email = emailOf(world, session);
  const saved =
    session.mode === "setup"
      ? []
      : world.store.all("payment_method").filter(({ customer }) => customer && customer === session.customer);
  const isTrial = linesOfSession(world, session).some((line) => line.isTrial);
  const verb =
    session.mode === "setup"
      ? t.saveCard
      : isTrial
        ? t.startTrial
        : session.mode === "subscription"
          ? t.subscribe
          : t.pay(totalText(view));
  return html`<form class="sheet" method="post">
    ${
      email
        ? html`<p class="soft">${email}</p>`
        : html`<label class="field"><span>${t.email}</span><input type="email" name="email" value="${given.email ?? ""}"></label>
      ${wrong.email ? html`<p class="wrong" role="alert">${wrong.email}</p>` : ""}`
    }
    ${saved.length > 0 ? html`<h2>${t.savedCards}</h2>` : ""}
    ${saved.map(
      (
        { id, card },
        index,
      ) => html`<label class="choice"><input type="radio" name="method" value="${id}" ${index === 0 && !wrong.card ? "checked" : ""}>
      <span><span class="brand">${card?.brand}</span> •••• ${card?.last4}</span></label>`,
    )}
    ${saved.length > 0 ? html`<label class="choice"><input type="radio" id="another" name="method" value="new" ${wrong.card ? "checked" : ""}><span>${t.newCard}</span></label>` : ""}
    ${cardFields(t, given, wrong.card)}
    <label class="field card-fields"><span>${t.name}</span><input name="name" value="${given.name ?? ""}" autocomplete="off"></label>
    <button class="primary" name="action" value="pay">${verb}</button>
    ${cardList(t)}
  </form>`;
}

/** The 3-D Secure page of a test card; `hidden` goes along with the answer. */
export function challengePage(language: Language, t: Words, hidden: Given = {}): Markup {
  return page(
    language,
    t.challengeTitle,
    html`<main class="one"><form class="sheet" method="post"><h1>${t.challengeTitle}</h1><p class="soft">${t.challengeText}</p>
    ${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
    <div class="actions"><button class="primary" name="result" value="complete">${t.complete}</button>
    <button name="result" value="fail">${t.fail}</button></div></form></main>`,
  );
}

function gonePage(language: Language): Markup {
  const t = words[language];
  return page(
    language,
    t.gone,
    html`<main class="one"><div class="sheet"><h1>${t.gone}</h1><p class="soft">${t.goneText}</p></div></main>`,
  );
}

function trialEnd({ world, session }: View): number {
  const data = world.store.get("session_terms", session.id)?.data;
  return data?.trial_end ?? addInterval(session.created, "day", data?.trial_period_days ?? 0);
}

const totalText = ({ session, language }: View) =>
  priceText(session.amount_total ?? 0, session.currency ?? "usd", language);

function openSession(world: World, id: string): Stripe.Checkout.Session | undefined {
  const session = world.store.get("checkout.session", id);
  return session?.status === "open" ? session : undefined;
}

function emailOf(world: World, session: Stripe.Checkout.Session): string | null {
  const customer =
    typeof session.customer === "string" ? world.store.get("customer", session.customer) : undefined;
  return customer?.email ?? session.customer_email;
}

const languageFor = (c: Context, session: Stripe.Checkout.Session | null) =>
  languageOf(session?.locale, c.req.header("accept-language"));

async function formOf(c: Context): Promise<Given> {
  return Object.fromEntries(new URLSearchParams(await c.req.text()));
}
