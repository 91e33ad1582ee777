import { desc, eq } from "drizzle-orm";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { tasks } from "#identity";
import { stopLedger } from "#ledger";
import { newId } from "#platform/id";
import { acts, mails, users } from "#schema";
import { runJobs, testDatabase } from "#test";
import { api } from "./app";
import { aUser, type TestUser } from "./test-caller";

/** Acts that try something once more, through the API; what Stripe does of them is billing's own tests' matter. */

const { db } = testDatabase();

let support: TestUser;
let ada: TestUser;

beforeAll(async () => {
  support = await aUser("support");
  await db().update(users).set({ role: "support" }).where(eq(users.id, support.session.user.id));
  return stopLedger;
});

beforeEach(async () => {
  ada = await aUser("ada", { verified: false });
});

function send(key: string = newId("request"), on: TestUser = ada): Promise<Response> {
  return Promise.resolve(
    api.request(`/api/v1/admin/customers/${on.session.user.id}/confirmation`, {
      method: "POST",
      headers: { ...support.headers, "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify({ reason: "the first went to spam" }),
    }),
  );
}

async function letters(): Promise<number> {
  await runJobs(tasks.system ?? {});
  return db().$count(mails, eq(mails.recipient, ada.session.user.email));
}

it("a link to confirm an address is sent once for its key, and stands in the audit log", async () => {
  const key = newId("request");
  expect([(await send(key)).status, (await send(key)).status]).toEqual([202, 202]);
  expect(await letters()).toBe(1);
  const [act] = await db().select().from(acts).orderBy(desc(acts.id)).limit(1);
  expect(act).toMatchObject({
    ...{ action: "user.confirm", customerId: ada.session.user.id, reason: "the first went to spam" },
    ...{ actorId: support.session.user.id, actorRole: "support" },
  });
  const other = await send(key, await aUser("eve"));
  expect(await other.json()).toMatchObject({ code: "idempotency_conflict" });
});

it("no link is sent to an address that is confirmed, nor more of them than its owner may ask for", async () => {
  for (let count = 0; count < 6; count++) expect((await send()).status).toBe(202);
  expect(await (await send()).json()).toMatchObject({ code: "rate_limited" });
  const eve = await aUser("eve");
  expect(await (await send(newId("request"), eve)).json()).toMatchObject({ code: "mail_verified" });
});

it("who has no plan has none to change, and what is not there is not tried again", async () => {
  const admin = await aUser("admin");
  await db().update(users).set({ role: "admin" }).where(eq(users.id, admin.session.user.id));
  const get = async (path: string) => {
    const url = `/api/v1/admin/customers/${ada.session.user.id}/${path}`;
    return (await api.request(url, { headers: admin.headers })).json();
  };
  expect(await get("subscription")).toMatchObject({ code: "not_subscribed", status: 409 });
  expect(await get("invoices/in_none/retry")).toMatchObject({ code: "not_found", status: 404 });
});
