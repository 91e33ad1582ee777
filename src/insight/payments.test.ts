import { and, eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { seedPrices } from "#billing";
import { db } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { accounts, customers, invoiceLines, invoices, prices, subscriptions, users } from "#schema";
import { testDatabase } from "#test";
import { listPayments, readCustomerPlan } from "./payments";

testDatabase();
beforeAll(() => seedPrices());

type AccountId = Id<"account">;
const at = (day: number) => new Date(Date.UTC(2026, 10, day));

async function anAccount(): Promise<AccountId> {
  const [userId, accountId] = [newId("user"), newId("account")];
  await db()
    .insert(users)
    .values({ id: userId, name: "Ada", email: `${userId}@example.com` });
  await db().insert(accounts).values({ id: accountId, ownerType: "user", ownerId: userId });
  await db().insert(customers).values({ accountId, stripeId: accountId });
  return accountId;
}

async function priceOf(lookupKey: string) {
  const [price] = await db()
    .select()
    .from(prices)
    .where(and(eq(prices.lookupKey, lookupKey), eq(prices.onSale, true)));
  if (!price) throw new Error(`${lookupKey} is not on sale`);
  return price;
}

type NewInvoice = Partial<typeof invoices.$inferInsert> & { lookupKey: string; day: number };

async function anInvoice(accountId: AccountId, { lookupKey, day, ...given }: NewInvoice): Promise<string> {
  const price = await priceOf(lookupKey);
  const id = newId("request");
  const reason = price.kind === "plan" ? "subscription" : "pack";
  await db()
    .insert(invoices)
    .values({
      ...{ id, accountId, reason, status: "paid", currency: price.currency, totalCents: price.amountCents },
      ...{ createdAt: at(day), paidAt: at(day), ...given },
    });
  await db()
    .insert(invoiceLines)
    .values({
      ...{
        id: `${id}-line`,
        invoiceId: id,
        accountId,
        priceId: price.id,
        position: 0,
        description: "1 × it",
      },
      ...{ amountCents: price.amountCents, quantity: 1, proration: false },
      ...{ periodStart: at(day), periodEnd: at(day) },
    });
  return id;
}

test("a customer's plan is told with its status and the end of what is paid, and so is what was paid and kept", async () => {
  const ada = await anAccount();
  expect(await readCustomerPlan(ada)).toEqual({ planId: "free", subscription: null, paid: [], flag: null });
  const price = await priceOf("plan:pro:year:eur");
  const periodEnd = new Date(Date.now() + 86_400_000);
  await db()
    .insert(subscriptions)
    .values({
      ...{ id: "sub_1", accountId: ada, priceId: price.id, itemId: "si_1", status: "active" },
      ...{ periodStart: at(1), periodEnd, createdAt: at(1) },
    });
  await anInvoice(ada, { lookupKey: "plan:pro:year:eur", day: 1 });
  await anInvoice(ada, { lookupKey: "pack:small:usd", day: 2, refundedCents: 300 });
  await anInvoice(ada, { lookupKey: "pack:small:usd", day: 3, status: "open", paidAt: null });
  expect(await readCustomerPlan(ada)).toEqual({
    planId: "pro",
    subscription: {
      ...{ planId: "pro", status: "active", interval: "year", amountCents: 12_000, currency: "eur" },
      ...{ periodEnd, endsAt: null, pending: null },
    },
    paid: [
      { currency: "eur", cents: 12_000 },
      { currency: "usd", cents: 600 },
    ],
    flag: null,
  });
  await db().update(subscriptions).set({ cancelAtPeriodEnd: true }).where(eq(subscriptions.id, "sub_1"));
  expect((await readCustomerPlan(ada)).subscription?.endsAt).toEqual(periodEnd);
});

test("payments come newest first, page by page, with what was bought, and are this customer's alone", async () => {
  const [ada, eve] = [await anAccount(), await anAccount()];
  await anInvoice(ada, { lookupKey: "plan:pro:month:usd", day: 1 });
  const pack = await anInvoice(ada, { lookupKey: "pack:medium:cny", day: 2, status: "void" });
  await anInvoice(ada, { lookupKey: "pack:small:usd", day: 2, status: "draft" });
  const theirs = await anInvoice(eve, { lookupKey: "pack:small:usd", day: 3 });
  const { payments, next } = await listPayments(ada, { limit: 10 });
  expect(next).toBeNull();
  expect(payments).toMatchObject([
    {
      ...{ id: pack, status: "void", currency: "cny", totalCents: 21_000 },
      bought: { planId: null, interval: null, credits: 2_200n },
    },
    { status: "paid", totalCents: 1_200, bought: { planId: "pro", interval: "month", credits: 1_000n } },
  ]);
  const first = await listPayments(ada, { limit: 1 });
  const rest = await listPayments(ada, { limit: 1, before: first.next ?? "" });
  expect([...first.payments, ...rest.payments]).toEqual(payments);
  expect(rest.next).toBeNull();
  expect(await listPayments(ada, { limit: 1, before: theirs })).toEqual({ payments: [], next: null });
});
