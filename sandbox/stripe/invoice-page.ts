import { type Context, Hono } from "hono";
import { html } from "hono/html";
import type Stripe from "stripe";
import { cardFrom } from "./card-form";
import { challengePage } from "./checkout-page";
import { asksFirst } from "./checkout-payment";
import { StripeFailure } from "./failure";
import { collectInvoice } from "./invoice";
import { priceText } from "./money";
import { cardFields, cardList, type Markup, page } from "./page";
import { margin, type PdfLine, type PdfRule, pdfOf } from "./pdf";
import { dayText, invoiceStatusText, type Language, languageOfCustomer, refusalText, words } from "./words";
import type { World } from "./world";

/** The page of an invoice, where it can be paid, and its PDF. */
export function invoicePages(world: World): Hono {
  return new Hono()
    .get("/invoice/:id", (c) => show(c, world, {}, null))
    .get("/invoice/:id/pdf", (c) => {
      const invoice = requireInvoice(world, c.req.param("id"));
      return c.body(Buffer.from(pdfOf(partsOfPdf(invoice))), 200, {
        "Content-Type": "application/pdf",
        "Content-Disposition": `attachment; filename="Invoice-${invoice.number}.pdf"`,
      });
    })
    .post("/invoice/:id", async (c) => {
      const given = Object.fromEntries(new URLSearchParams(await c.req.text()));
      const invoice = requireInvoice(world, c.req.param("id"));
      const language = languageFor(c, world, invoice);
      try {
        const method = given.method ?? world.store.transact(() => cardFrom(world, given));
        if (!given.result && asksFirst(world, { method, email: "", name: null, country: null })) {
          return c.html(challengePage(language, words[language], { method }));
        }
        if (given.result === "fail") return show(c, world, {}, words[language].refused.authentication);
        world.store.transact(
          () => {
            const { failure } = collectInvoice(world, invoice.id, {
              method,
              isAuthenticated: given.result === "complete",
            });
            if (failure) throw failure;
          },
          (error) => error instanceof StripeFailure && error.keep,
        );
        return c.redirect(`/invoice/${invoice.id}`, 303);
      } catch (error) {
        if (!(error instanceof StripeFailure)) throw error;
        return show(c, world, given, refusalText(words[language], error.body.code, error.body.decline_code));
      }
    });
}

function show(c: Context, world: World, given: Record<string, string>, wrong: string | null) {
  const invoice = requireInvoice(world, c.req.param("id") ?? "");
  return c.html(invoicePage(invoice, languageFor(c, world, invoice), given, wrong), wrong ? 422 : 200);
}

function languageFor(c: Context, world: World, { customer }: Stripe.Invoice): Language {
  return languageOfCustomer(world, customer, c.req.header("accept-language"));
}

function invoicePage(
  invoice: Stripe.Invoice,
  language: Language,
  given: Record<string, string>,
  wrong: string | null,
): Markup {
  const t = words[language];
  const money = (amount: number) => priceText(amount, invoice.currency, language);
  const isPaid = invoice.status === "paid";
  return page(
    language,
    `${t.invoice} ${invoice.number}`,
    html`<main class="one"><div class="sheet">
    <p class="soft">${t.invoice} ${invoice.number} · ${dayText(invoice.created, language)}</p>
    <p class="big">${money(isPaid ? invoice.amount_paid : invoice.amount_remaining)}</p>
    ${invoice.status === "open" ? "" : html`<p><span class="tag">${invoiceStatusText(t, invoice.status)}</span></p>`}
    <p class="soft">${t.billedTo(invoice.customer_name ?? invoice.customer_email ?? "")}</p>
    <ul class="rows">${invoice.lines.data.map(
      (line) =>
        html`<li><span>${line.description}${line.period.start === line.period.end ? "" : html`<small>${dayText(line.period.start, language)} – ${dayText(line.period.end, language)}</small>`}</span><span>${money(line.amount)}</span></li>`,
    )}
    ${(invoice.total_discount_amounts ?? []).map(({ amount }) => html`<li><span>${t.discount}</span><span>−${money(amount)}</span></li>`)}
    <li><span>${t.total}</span><span>${money(invoice.total)}</span></li>
    ${invoice.total === invoice.amount_due ? "" : html`<li><span>${t.credit}</span><span>${money(invoice.amount_due - invoice.total)}</span></li>`}
    <li class="sum"><span>${isPaid ? t.amountPaid : t.amountDue}</span><span>${money(invoice.amount_due)}</span></li></ul>
    <p><a class="button" href="/invoice/${invoice.id}/pdf">${t.download}</a></p></div>
    ${
      invoice.status === "open"
        ? html`<form class="sheet" method="post"><h2>${t.payInvoice}</h2>${cardFields(t, given, wrong)}
    <button class="primary">${t.pay(money(invoice.amount_remaining))}</button>${cardList(t)}</form>`
        : ""
    }</main>`,
  );
}

/** In English, for a PDF's standard fonts have no other letters. */
function partsOfPdf(invoice: Stripe.Invoice): (PdfLine | PdfRule)[] {
  const t = words.en;
  const money = (amount: number) => priceText(amount, invoice.currency);
  const right = { x: 595 - margin, rightAligned: true };
  const isPaid = invoice.status === "paid";
  const parts: (PdfLine | PdfRule)[] = [
    { text: t.invoice, x: margin, y: 76, size: 24, bold: true },
    { text: "Sandbox: no real money", y: 76, soft: true, ...right },
    { text: String(invoice.number), x: margin, y: 104 },
    { text: `${t.date}: ${dayText(invoice.created, "en")}`, x: margin, y: 120 },
    { text: t.billedTo(invoice.customer_name ?? invoice.customer_email ?? ""), x: margin, y: 136 },
    {
      ...{ text: money(isPaid ? invoice.amount_paid : invoice.amount_remaining), x: margin, y: 184 },
      ...{ size: 20, bold: true },
    },
    { text: isPaid ? t.invoiceStatuses.paid : t.amountDue, x: margin, y: 202, soft: true },
  ];
  let y = 240;
  const row = (text: string, amount: number, bold = false) => {
    parts.push({ ruleAt: y - 16 }, { text, x: margin, y, bold }, { text: money(amount), y, bold, ...right });
    y += 26;
  };
  for (const { description, amount, period } of invoice.lines.data) {
    row(description ?? "", amount);
    if (period.start === period.end) continue;
    const days = `${dayText(period.start, "en")} – ${dayText(period.end, "en")}`;
    parts.push({ text: days, x: margin, y: y - 12, size: 8, soft: true });
    y += 10;
  }
  for (const { amount } of invoice.total_discount_amounts ?? []) row(t.discount, -amount);
  row(t.total, invoice.total);
  if (invoice.total !== invoice.amount_due) row(t.credit, invoice.amount_due - invoice.total);
  row(isPaid ? t.amountPaid : t.amountDue, invoice.amount_due, true);
  return parts;
}

function requireInvoice(world: World, id: string): Stripe.Invoice {
  return world.require("invoice", id);
}
