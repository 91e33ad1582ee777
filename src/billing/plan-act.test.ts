import { asc, eq } from "drizzle-orm";
import Stripe from "stripe";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Actor } from "#platform/audit";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { acts, invoices, users } from "#schema";
import { testDatabase } from "#test";
import { changePlanOf, endPlanOf, readPlanStanding, resumePlanOf, retryPayment } from "./index";
import { previewRetry } from "./invoice-payment";
import { type Customer, hour, sandboxSite } from "./sandbox.fixture";
import { stripe } from "./stripe";

/** What staff do to a customer's plan and open invoices, driven through the sandbox. */

testDatabase();
const site = sandboxSite();

const by: Actor = { id: newId("user"), role: "admin", address: null, requestId: null };
const ask = (key = newId("request")) => ({ by, reason: "asked by mail", key });
const premium = { planId: "premium", interval: "month" } as const;
const pro = { planId: "pro", interval: "month" } as const;

beforeEach(() => void vi.restoreAllMocks());

/** The audit log's lines about a customer, oldest first: action, and what it says of the outcome. */
async function log({ userId }: Customer): Promise<string[]> {
  const rows = await db().select().from(acts).where(eq(acts.customerId, userId)).orderBy(asc(acts.id));
  for (const { reason, actorId } of rows) expect([reason, actorId]).toEqual(["asked by mail", by.id]);
  return rows.map(({ action, after }) => {
    const { code } = (after ?? {}) as { code?: string };
    return code ? `${action} ${code}` : action;
  });
}

async function invoiced({ accountId }: Customer): Promise<[string, number][]> {
  const rows = await db().select().from(invoices).where(eq(invoices.accountId, accountId));
  return rows
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
    .map(({ status, totalCents }) => [status, totalCents]);
}

/** Stripe does it, and its answer is lost. */
function loseAnswer(): void {
  const update = stripe().subscriptions.update.bind(stripe().subscriptions);
  vi.spyOn(stripe().subscriptions, "update").mockImplementationOnce(async (id, params, options) => {
    await update(id, params ?? {}, options);
    throw new Stripe.errors.StripeConnectionError({ message: "lost", type: "api_error" });
  });
}

describe("a plan that staff change", () => {
  it("is charged and credited once for its key, whoever asks again, and stands in the audit log", async () => {
    const ada = await site.aSubscriber("plan:pro:month:usd");
    const request = ask();
    expect(await changePlanOf(ada, premium, request)).toMatchObject({ state: "done" });
    expect(await changePlanOf(ada, premium, request)).toMatchObject({ state: "done" });
    await site.catchUp();
    expect(await ada.planId()).toBe("premium");
    expect(await invoiced(ada)).toHaveLength(2);
    await expect(changePlanOf(ada, pro, request)).rejects.toMatchObject({ code: "idempotency_conflict" });
    await expect(changePlanOf(ada, premium, ask())).rejects.toMatchObject({ code: "plan_unchanged" });
    const unseen = { ...pro, priceId: newId("price") };
    await expect(changePlanOf(ada, unseen, ask())).rejects.toMatchObject({ code: "price_changed" });
    expect(await log(ada)).toEqual(["subscription.change"]);
    const [act] = await db().select().from(acts).where(eq(acts.customerId, ada.userId));
    expect(act).toMatchObject({
      ...{ objectType: "subscription", objectId: ada.subscription },
      ...{ before: { plan: "pro" }, after: { plan: "premium", amountCents: 3_900 } },
    });
  });

  it("whose card is declined stays as it was, and a second line says so", async () => {
    const ada = await site.aSubscriber("plan:pro:month:usd");
    await ada.setCard("pm_card_chargeCustomerFail");
    const request = ask();
    const refused = { state: "refused", code: "payment_failed", reason: "generic_decline" };
    expect(await changePlanOf(ada, premium, request)).toMatchObject(refused);
    expect(await changePlanOf(ada, premium, request)).toMatchObject(refused);
    await site.catchUp();
    expect(await ada.planId()).toBe("pro");
    expect(await log(ada)).toEqual(["subscription.change", "stripe.refused payment_failed"]);
  });

  it("goes on with the same key when Stripe's answer was lost, and is charged once", async () => {
    const ada = await site.aSubscriber("plan:pro:month:usd");
    const request = ask();
    loseAnswer();
    await expect(changePlanOf(ada, premium, request)).rejects.toMatchObject({ code: "payments_unreachable" });
    expect(await log(ada)).toEqual(["subscription.change", "stripe.unanswered"]);
    expect(await changePlanOf(ada, premium, request)).toMatchObject({ state: "done" });
    await site.catchUp();
    expect((await invoiced(ada)).map(([status]) => status)).toEqual(["paid", "paid"]);
    expect(await ada.planId()).toBe("premium");
  });

  it("waits for the period's end on the way down, and can be taken back", async () => {
    const ada = await site.aSubscriber("plan:premium:month:usd");
    expect(await changePlanOf(ada, pro, ask())).toMatchObject({ state: "scheduled" });
    expect(await readPlanStanding(ada.accountId)).toMatchObject({
      ...{ planId: "premium", pending: { kind: "downgrade", planId: "pro" }, endsAtOnce: false },
    });
    await expect(changePlanOf(ada, pro, ask())).rejects.toMatchObject({ code: "change_pending" });
    expect(await resumePlanOf(ada, ask())).toMatchObject({ state: "done" });
    expect((await ada.overview()).pendingChange).toBeNull();
    await expect(resumePlanOf(ada, ask())).rejects.toMatchObject({ code: "plan_unchanged" });
    expect(await log(ada)).toEqual(["subscription.change", "subscription.resume"]);
  });

  it("is not touched on staff by who may not change staff", async () => {
    const ada = await site.aSubscriber("plan:pro:month:usd");
    await db().update(users).set({ role: "support" }).where(eq(users.id, ada.userId));
    await expect(endPlanOf(ada, "now", ask())).rejects.toMatchObject({ code: "forbidden" });
    const owner = { ...by, role: "owner" };
    expect(await endPlanOf(ada, "now", { ...ask(), by: owner })).toMatchObject({ state: "done" });
  });
});

describe("a plan that staff end", () => {
  it("stays until its time is over and can be resumed until then", async () => {
    const ada = await site.aSubscriber("plan:premium:month:usd");
    const request = ask();
    expect(await endPlanOf(ada, "period_end", request)).toMatchObject({ state: "done" });
    expect((await ada.overview()).pendingChange).toMatchObject({ kind: "cancel" });
    await expect(endPlanOf(ada, "period_end", ask())).rejects.toMatchObject({ code: "change_pending" });
    expect(await resumePlanOf(ada, ask())).toMatchObject({ state: "done" });
    // A late repeat of what was done before does not do it again.
    expect(await endPlanOf(ada, "period_end", request)).toMatchObject({ state: "done" });
    expect((await ada.overview()).pendingChange).toBeNull();
    expect(await ada.planId()).toBe("premium");
  });

  it("now is Free at once; nothing is paid back, and credits that were paid for stay", async () => {
    const ada = await site.aSubscriber("plan:premium:month:usd");
    expect(await endPlanOf(ada, "now", ask())).toMatchObject({ state: "done" });
    await site.catchUp();
    expect([await ada.planId(), await ada.available()]).toEqual(["free", 4_000n]);
    expect(await invoiced(ada)).toEqual([["paid", 3_900]]);
    expect((await site.stripe.refunds.list({ limit: 10 })).data).toEqual([]);
    await expect(endPlanOf(ada, "now", ask())).rejects.toMatchObject({ code: "not_subscribed" });
    expect(await readPlanStanding(ada.accountId)).toBeNull();
  });

  it("is ended once although Stripe's answer was lost", async () => {
    const ada = await site.aSubscriber("plan:premium:month:usd");
    const request = ask();
    loseAnswer();
    await expect(endPlanOf(ada, "period_end", request)).rejects.toMatchObject({
      code: "payments_unreachable",
    });
    const cancel = vi.spyOn(stripe().subscriptions, "update").mockClear();
    expect(await endPlanOf(ada, "period_end", request)).toMatchObject({ state: "done" });
    expect(cancel).not.toHaveBeenCalled();
    expect(await log(ada)).toEqual(["subscription.end", "stripe.unanswered"]);
  });
});

describe("a payment that staff try again", () => {
  /** Somebody whose renewal has failed. */
  async function pastDue(card: string) {
    const ada = await site.aSubscriber("plan:pro:month:usd");
    await ada.setCard(card);
    await ada.goTo((await ada.periodEnd()) + 2 * hour);
    const rows = await db().select().from(invoices).where(eq(invoices.accountId, ada.accountId));
    const open = rows.find(({ status }) => status === "open");
    if (!open) throw new Error("no invoice is open");
    return { ...ada, open: open.id };
  }

  it("is told as declined, and once paid brings the plan back, charged once", async () => {
    const ada = await pastDue("pm_card_chargeCustomerFail");
    expect((await ada.overview()).subscription?.status).toBe("past_due");
    expect(await retryPayment(ada, ada.open, ask())).toMatchObject({
      ...{ state: "refused", code: "payment_failed", reason: "generic_decline" },
    });
    await ada.setCard("pm_card_visa");
    await site.catchUp();
    expect(await previewRetry(ada.accountId, ada.open)).toMatchObject({
      ...{ amountCents: 1_200, currency: "usd", card: { last4: "4242" } },
    });
    const request = ask();
    const answers = await Promise.all([request, ask()].map((one) => retryPayment(ada, ada.open, one)));
    expect(answers.map(({ state }) => state)).toEqual(["done", "done"]);
    expect(await retryPayment(ada, ada.open, request)).toMatchObject({ state: "done" });
    await site.catchUp();
    expect((await ada.overview()).subscription?.status).toBe("active");
    expect(await invoiced(ada)).toEqual([
      ["paid", 1_200],
      ["paid", 1_200],
    ]);
    const charged = (await site.stripe.charges.list({ customer: ada.stripeId, limit: 100 })).data;
    expect(charged.filter(({ paid }) => paid)).toHaveLength(2);
    await expect(retryPayment(ada, ada.open, ask())).rejects.toMatchObject({ code: "invoice_not_open" });
    const lines = ["invoice.retry", "invoice.retry", "invoice.retry", "stripe.refused payment_failed"];
    expect((await log(ada)).sort()).toEqual(lines);
  });

  it("that the bank asks about waits for the customer, on the invoice's page", async () => {
    const ada = await pastDue("pm_card_authenticationRequired");
    const answer = await retryPayment(ada, ada.open, ask());
    expect(answer).toMatchObject({ state: "payment_needed", payUrl: expect.stringContaining("/invoice/") });
    expect(await log(ada)).toEqual(["invoice.retry", "stripe.waits"]);
  });

  it("without a card is refused for that; of another customer, and of none, it is not found", async () => {
    const ada = await pastDue("pm_card_chargeCustomerFail");
    for (const { id } of (await site.stripe.paymentMethods.list({ customer: ada.stripeId })).data)
      await site.stripe.paymentMethods.detach(id);
    expect(await retryPayment(ada, ada.open, ask())).toMatchObject({
      state: "refused",
      code: "card_missing",
    });
    const eve = await site.aCustomer();
    await expect(retryPayment(eve, ada.open, ask())).rejects.toMatchObject({ code: "not_found" });
  });
});
