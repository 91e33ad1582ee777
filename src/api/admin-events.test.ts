import { createServer } from "node:http";
import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { connectStripe, tasks } from "#billing";
import { db } from "#platform/db";
import { acts, customers, stripeEvents, users } from "#schema";
import { runJobs, testDatabase } from "#test";
import { api } from "./app";
import { aUser, type TestUser } from "./test-caller";

testDatabase();

let owner: TestUser;
let ada: TestUser;

beforeAll(async () => {
  owner = await aUser("owner");
  ada = await aUser("ada");
  await db().update(users).set({ role: "owner" }).where(eq(users.id, owner.session.user.id));
  await db().insert(customers).values({ accountId: ada.session.accountId, stripeId: "cus_ada" });
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 12, minute));
  const event = (minute: number, given: Partial<typeof stripeEvents.$inferInsert>) => ({
    ...{ id: `evt_${minute}`, type: "invoice.paid", livemode: true, status: "done" as const },
    ...{ createdAt: at(minute), receivedAt: at(minute), ...given },
  });
  await db()
    .insert(stripeEvents)
    .values([
      event(1, { status: "failed", attempts: 14, error: "no such price", stripeCustomerId: "cus_ada" }),
      event(2, { status: "ignored", error: "unknown_customer", stripeCustomerId: "cus_eve" }),
      event(3, { type: "customer.subscription.updated", stripeCustomerId: "cus_ada" }),
    ]);
});

const ask = async (path: string, method = "GET") => {
  const answer = await api.request(`/api/v1/admin/events${path}`, { method, headers: owner.headers });
  return { status: answer.status, body: await answer.json() };
};
const idsOf = ({ body }: { body: { data: { id: string }[] } }) => body.data.map(({ id }) => id);

describe("payment events", () => {
  it("are listed newest first, by state, type and customer, page by page", async () => {
    expect(idsOf(await ask(""))).toEqual(["evt_3", "evt_2", "evt_1"]);
    expect(idsOf(await ask("?type=customer."))).toEqual(["evt_3"]);
    expect(idsOf(await ask(`?customer=${ada.session.user.email.toUpperCase()}`))).toEqual(["evt_3", "evt_1"]);
    expect(idsOf(await ask("?customer=cus_eve"))).toEqual(["evt_2"]);
    const first = await ask("?limit=2");
    expect(idsOf(await ask(`?cursor=${first.body.nextCursor}`))).toEqual(["evt_1"]);
    const failed = await ask("?status=failed");
    expect(failed.body.data).toMatchObject([
      {
        ...{ id: "evt_1", attempts: 14, error: "no such price" },
        customerMail: ada.session.user.email,
      },
    ]);
  });

  it("are processed anew by a job, and who asked for it stands in the audit log", async () => {
    expect((await ask("/evt_1/replay", "POST")).status).toBe(202);
    expect(idsOf(await ask("?status=failed"))).toEqual([]);
    expect(await db().select().from(acts).where(eq(acts.objectId, "evt_1"))).toMatchObject([
      {
        ...{ actorId: owner.session.user.id, action: "event.replay", objectType: "event" },
        ...{ before: { status: "failed", attempts: 14 }, after: { status: "waiting" } },
      },
    ]);
    expect((await ask("/evt_unknown/replay", "POST")).status).toBe(404);
  });

  it("are processed anew together: those named, all or none, or all of a filter by a job", async () => {
    const fail = () =>
      db()
        .update(stripeEvents)
        .set({ status: "failed", error: "no such price" })
        .where(eq(stripeEvents.stripeCustomerId, "cus_ada"));
    await fail();
    const replay = async (body: unknown) => {
      const headers = { ...owner.headers, "content-type": "application/json" };
      const answer = await api.request("/api/v1/admin/events/replays", {
        ...{ method: "POST", headers, body: JSON.stringify(body) },
      });
      return { status: answer.status, body: await answer.json() };
    };
    expect((await replay({ ids: ["evt_1", "evt_none"] })).status).toBe(404);
    expect(idsOf(await ask("?status=failed"))).toEqual(["evt_3", "evt_1"]);
    expect(await replay({ ids: ["evt_1", "evt_3"] })).toMatchObject({ status: 202, body: { count: 2 } });
    expect(idsOf(await ask("?status=failed"))).toEqual([]);
    await fail();
    expect((await replay({ failed: { type: "customer." } })).body).toEqual({ count: 1 });
    await runJobs({ "billing.replay": tasks.system?.["billing.replay"] });
    expect(idsOf(await ask("?status=failed"))).toEqual(["evt_1"]);
    expect((await ask("/evt_3")).body).toMatchObject({
      status: "waiting",
      customerMail: ada.session.user.email,
    });
    expect(await db().select().from(acts).where(eq(acts.action, "event.replayAll"))).toMatchObject([
      { objectId: "customer.", before: { count: 1 } },
    ]);
  });

  it("are shown as Stripe has them, and it says so when Stripe no longer does", async () => {
    expect((await ask("/evt_1/payload")).body.code).toBe("payments_off");
    const stripe = createServer((request, answer) => {
      const known = request.url === "/v1/events/evt_1";
      const missing = {
        error: { type: "invalid_request_error", code: "resource_missing", message: "No such event" },
      };
      answer.writeHead(known ? 200 : 404, { "content-type": "application/json" });
      answer.end(JSON.stringify(known ? { id: "evt_1", object: "event", data: { object: {} } } : missing));
    });
    await new Promise<void>((resolve) => stripe.listen(0, "127.0.0.1", resolve));
    const { port } = addressSchema.parse(stripe.address());
    connectStripe({ url: `http://127.0.0.1:${port}`, secretKey: "sk_test_1", webhookSecret: "whsec_1" });
    expect((await ask("/evt_1/payload")).body.payload).toMatchObject({ id: "evt_1", object: "event" });
    expect((await ask("/evt_2/payload")).body).toEqual({ payload: null });
    expect((await ask("/evt_none/payload")).status).toBe(404);
    stripe.closeAllConnections();
    await new Promise((resolve) => stripe.close(resolve));
  });
});

const addressSchema = z.object({ port: z.number() });
