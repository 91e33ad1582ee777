import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { charge } from "#ledger";
import type { Actor } from "#platform/audit";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { acts, invoices, refundRequests, refunds } from "#schema";
import { runJobs, testDatabase } from "#test";
import { previewRefund, type RefundWish, refundInvoice, tasks } from "./index";
import { type Customer, pack, sandboxSite } from "./sandbox.fixture";
import { stripe } from "./stripe";

testDatabase();
const site = sandboxSite();

const by: Actor = { id: newId("user"), role: "admin", address: null, requestId: null };
let ada: Customer;
let invoice: typeof invoices.$inferSelect;

beforeEach(async () => {
  vi.restoreAllMocks();
  ada = await site.aCustomer();
  await ada.buy(pack);
  const [bought] = await db().select().from(invoices).where(eq(invoices.accountId, ada.accountId));
  if (!bought) throw new Error("nothing was bought");
  invoice = bought;
});

const wish = (amountCents: number | null = null, limit: number | null = null): RefundWish => ({
  ...{ accountId: ada.accountId, invoiceId: invoice.id, amountCents, limit },
});
const ask = (key: string) => ({ by, reason: "asked for it", key });
const spend = (credits: bigint) =>
  charge({ accountId: ada.accountId, key: newId("request"), credits, cause: "tool:test" });
const madeInStripe = async () =>
  (await site.stripe.refunds.list({ limit: 100 })).data.filter(({ customer }) => customer === ada.stripeId);
const refunded = async () =>
  (await db().select().from(invoices).where(eq(invoices.id, invoice.id)))[0]?.refundedCents;

describe("a refund", () => {
  it("says before what it takes back, and that spent credits are paid out and stay spent", async () => {
    const all = await ada.available();
    const half = Math.floor(invoice.totalCents / 2);
    const whole = await previewRefund(wish());
    expect(whole).toMatchObject({ amountCents: invoice.totalCents, granted: all, takesBack: all, spent: 0n });
    await spend(all - 100n);
    const preview = await previewRefund(wish(half));
    expect(preview.takesBack).toBe(100n);
    expect(preview.takesBack + preview.spent).toBe(all / 2n);
    expect(await madeInStripe()).toEqual([]);
    const { refund } = await refundInvoice(wish(half), ask("half"));
    expect(refund).toMatchObject({ status: "done", amountCents: half });
    expect(await refunded()).toBe(half);
    expect(await ada.available()).toBe(0n);
    expect((await ada.customer())?.flag).toBe("refund");
    const [act] = await db().select().from(acts).where(eq(acts.objectId, invoice.id));
    expect(act).toMatchObject({
      ...{ action: "invoice.refund", reason: "asked for it", actorId: by.id },
      before: { refundedCents: 0 },
      after: { refundedCents: half, takesBack: 100, spent: Number(preview.spent) },
    });
  });

  it("is made once for its key, also when nobody knew whether Stripe had heard", async () => {
    const create = vi.spyOn(stripe().refunds, "create");
    create.mockImplementationOnce(async (params, options) => {
      // Stripe does it, and the answer is lost.
      await site.stripe.refunds.create(params ?? {}, options);
      const { StripeConnectionError } = (await import("stripe")).default.errors;
      throw new StripeConnectionError({ message: "lost", type: "api_error" });
    });
    const first = await refundInvoice(wish(300), ask("lost"));
    expect(first.refund.status).toBe("asked");
    // Nobody pays the same money back meanwhile.
    expect(await previewRefund(wish())).toMatchObject({ refundedCents: 300 });
    const again = await refundInvoice(wish(300), ask("lost"));
    expect(again).toMatchObject({ repeated: true, refund: { id: first.refund.id, status: "done" } });
    await db().execute("update graphile_worker._private_jobs set run_at = now()");
    await runJobs(tasks.system ?? {});
    expect(await madeInStripe()).toHaveLength(1);
    await expect(refundInvoice(wish(200), ask("lost"))).rejects.toMatchObject({
      code: "idempotency_conflict",
    });
  });

  it("goes on by a job when the process ended before Stripe was asked", async () => {
    const lost = vi.spyOn(stripe().invoices, "retrieve").mockRejectedValueOnce(new Error("killed"));
    await expect(refundInvoice(wish(300), ask("killed"))).rejects.toThrow("killed");
    lost.mockRestore();
    await db().execute("update graphile_worker._private_jobs set run_at = now()");
    await runJobs(tasks.system ?? {});
    expect(
      await db().select().from(refundRequests).where(eq(refundRequests.accountId, ada.accountId)),
    ).toMatchObject([{ status: "done", amountCents: 300 }]);
    expect(await refunded()).toBe(300);
  });

  it("never pays back more than was paid: of two at once, one is refused", async () => {
    const outcomes = await Promise.allSettled(
      ["one", "two"].map((key) => refundInvoice(wish(invoice.totalCents), ask(key))),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await madeInStripe()).toHaveLength(1);
    expect(await refunded()).toBe(invoice.totalCents);
    await expect(previewRefund(wish())).rejects.toMatchObject({
      ...{ code: "not_refundable", facts: { reason: "nothing_left" } },
    });
  });

  it("stays within an admin's limit for the invoice, in one part or several", async () => {
    await expect(refundInvoice(wish(501, 500), ask("much"))).rejects.toMatchObject({
      ...{ code: "refund_too_large", facts: { limitCents: 500 } },
    });
    await refundInvoice(wish(300, 500), ask("some"));
    expect(await previewRefund(wish(null, 500))).toMatchObject({ amountCents: 200, limitCents: 200 });
    await expect(refundInvoice(wish(201, 500), ask("more"))).rejects.toMatchObject({
      code: "refund_too_large",
    });
    await expect(previewRefund(wish(invoice.totalCents))).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("that Stripe refuses pays nothing back, and a second line of the audit log says so, once", async () => {
    const { StripeInvalidRequestError } = (await import("stripe")).default.errors;
    const error = { message: "no", type: "invalid_request_error", code: "charge_disputed" } as const;
    vi.spyOn(stripe().refunds, "create").mockRejectedValue(new StripeInvalidRequestError(error));
    const { refund } = await refundInvoice(wish(300), ask("no"));
    expect(refund).toMatchObject({ status: "refused", error: "charge_disputed" });
    expect((await refundInvoice(wish(300), ask("no"))).refund.status).toBe("refused");
    const lines = await db().select().from(acts).where(eq(acts.objectId, invoice.id)).orderBy(acts.id);
    expect(lines).toMatchObject([
      { action: "invoice.refund", after: { refund: refund.id } },
      {
        ...{ action: "stripe.refused", actorId: by.id, actorRole: "admin", reason: "asked for it" },
        after: { action: "invoice.refund", code: "charge_disputed", refund: refund.id },
      },
    ]);
    expect(await refunded()).toBe(0);
  });

  it("that failed at the bank later is none: its money may be paid back again, within the limit", async () => {
    const { refund } = await refundInvoice(wish(600, 600), ask("first"));
    await expect(previewRefund(wish(1, 600))).rejects.toMatchObject({ code: "refund_too_large" });
    // As a sync finds it days later: Stripe has taken it back.
    await db()
      .update(refunds)
      .set({ status: "failed" })
      .where(eq(refunds.id, `${refund.stripeId}`));
    await db().update(invoices).set({ refundedCents: 0 }).where(eq(invoices.id, invoice.id));
    expect(await previewRefund(wish(null, 600))).toMatchObject({ refundedCents: 0, amountCents: 600 });
  });

  it("is nobody else's to have", async () => {
    const eve = await site.aCustomer();
    await expect(previewRefund({ ...wish(), accountId: eve.accountId })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
