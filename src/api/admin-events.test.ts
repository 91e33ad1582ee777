import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "#platform/db";
import { acts, customers, stripeEvents, users } from "#schema";
import { testDatabase } from "#test";
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
});
