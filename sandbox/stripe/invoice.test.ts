import { expect, it } from "vitest";
import { refusalOf, testSandbox } from "./test-client";

const t = testSandbox();

async function aCustomer(card = "pm_card_visa") {
  const { id } = await t.stripe.customers.create({ email: "ada@example.com", name: "Ada" });
  const method = await t.stripe.paymentMethods.attach(card, { customer: id });
  await t.stripe.customers.update(id, { invoice_settings: { default_payment_method: method.id } });
  return { id };
}

async function anInvoice(customer: string, amount = 900, currency = "usd") {
  const draft = await t.stripe.invoices.create({ customer, currency });
  await t.stripe.invoiceItems.create({
    customer,
    invoice: draft.id,
    amount,
    currency,
    description: "500 credits",
  });
  return t.stripe.invoices.finalizeInvoice(draft.id);
}

it("sells things outside of a subscription by an invoice", async () => {
  const { id: customer } = await aCustomer();
  const draft = await t.stripe.invoices.create({
    customer,
    currency: "usd",
    auto_advance: false,
    metadata: { pack: "small" },
  });
  const product = await t.stripe.products.create({ name: "500 credits" });
  const price = await t.stripe.prices.create({ product: product.id, currency: "usd", unit_amount: 900 });
  await t.stripe.invoiceItems.create({ customer, invoice: draft.id, pricing: { price: price.id } });
  const open = await t.stripe.invoices.finalizeInvoice(draft.id);
  expect(open).toMatchObject({ status: "open", amount_due: 900, number: expect.stringMatching(/-0001$/) });
  expect(await t.stripe.invoices.pay(open.id, { off_session: true })).toMatchObject({
    status: "paid",
    metadata: { pack: "small" },
  });
  expect(await refusalOf(t.stripe.invoices.pay(open.id))).toMatchObject({ code: "invoice_already_paid" });
});

it("has a page on which it is paid, and a PDF", async () => {
  const { id: customer } = await aCustomer();
  const open = await anInvoice(customer);
  const url = open.hosted_invoice_url ?? "";
  expect(await (await fetch(url)).text()).toContain("500 credits");
  const pay = (fields: Record<string, string>) =>
    fetch(url, {
      method: "POST",
      body: new URLSearchParams({ expiry: "12 / 34", cvc: "123", ...fields }),
      redirect: "manual",
    });
  const declined = await pay({ number: "4000000000000002" });
  expect([declined.status, await declined.text()]).toEqual([
    422,
    expect.stringContaining("Your card was declined."),
  ]);
  expect((await pay({ number: "4242424242424242" })).status).toBe(303);
  expect((await t.stripe.invoices.retrieve(open.id)).status).toBe("paid");
  const pdf = await pdfOf(open.invoice_pdf);
  expect(pdf.startsWith("%PDF-1.4")).toBe(true);
  expect(pdf).toContain("(500 credits)");
  expect(pdf).toContain("(Amount paid)");
});

it("writes each currency's sign into its PDF, in the encoding of the standard fonts", async () => {
  for (const [currency, sum] of [
    ["eur", "\x801,234.00"],
    ["gbp", "\xa31,234.00"],
    ["jpy", "\xa5123,400"],
  ] as const) {
    const { id: customer } = await aCustomer();
    const pdf = await pdfOf((await anInvoice(customer, 123_400, currency)).invoice_pdf);
    expect(pdf).toContain(`(${sum})`);
    expect(pdf).not.toContain("?");
  }
});

async function pdfOf(address: string | null | undefined): Promise<string> {
  return Buffer.from(await (await fetch(address ?? "")).arrayBuffer()).toString("latin1");
}

it("is void or given up when that is said, and then cannot be paid", async () => {
  const { id: customer } = await aCustomer();
  const open = await anInvoice(customer);
  expect((await t.stripe.invoices.voidInvoice(open.id)).status).toBe("void");
  expect(await refusalOf(t.stripe.invoices.pay(open.id))).toMatchObject({ statusCode: 400 });
  const [payment] = (await t.stripe.invoicePayments.list({ invoice: open.id })).data;
  expect(payment?.status).toBe("canceled");
});

it("does not ask for less than the smallest charge, but puts it on the balance", async () => {
  const { id: customer } = await aCustomer();
  expect(await anInvoice(customer, 30)).toMatchObject({ status: "paid", amount_due: 0, total: 30 });
  expect(await t.stripe.customers.retrieve(customer)).toMatchObject({ balance: 30 });
});
