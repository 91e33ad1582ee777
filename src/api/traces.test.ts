import { beforeAll, describe, expect, it } from "vitest";
import { capture, grant, hold, stopLedger } from "#ledger";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { customers, invoices, lotPayments } from "#schema";
import { testDatabase } from "#test";
import { api } from "./app";
import type { EntryJson } from "./entries";
import { aKey, aUser, type TestUser } from "./test-caller";

testDatabase();

let ada: TestUser;
let eve: TestUser;
let journal: EntryJson[];

function get(path: string, user: TestUser | null = ada): Promise<Response> {
  return Promise.resolve(api.request(`/api/v1${path}`, { headers: user?.headers ?? {} }));
}

beforeAll(async () => {
  ada = await aUser("ada");
  eve = await aUser("eve");
  const { accountId } = ada.session;
  const pack = await grant({
    ...{ accountId, key: "p", credits: 500n, source: "pack", expiresAt: null, cause: "pack" },
    reference: { type: "invoice", id: "in_1" },
  });
  if (!pack.grantId) throw new Error("no lot");
  await db().insert(customers).values({ accountId });
  await db()
    .insert(invoices)
    .values({
      ...{ id: "in_1", accountId, reason: "pack", status: "paid", number: "T-1", currency: "usd" },
      ...{
        totalCents: 900,
        createdAt: new Date(),
        paidAt: new Date(),
        pdfUrl: "https://pay.example/in_1.pdf",
      },
    });
  await db().insert(lotPayments).values({ accountId, grantId: pack.grantId, currency: "USD", amount: 900n });
  const reference = { type: "run", id: newId("run") } as const;
  const { holdId } = await hold({
    ...{ accountId, key: "h", credits: 10n, cause: "tool:ocr", reference, lifetimeSeconds: 600 },
  });
  if (!holdId) throw new Error("no hold");
  await capture({ accountId, key: "c", holdId, credits: 7n, cause: "tool:ocr", reference });
  journal = (await (await get("/entries")).json()).data;
  return stopLedger;
});

describe("a trace", () => {
  it("tells the payment, the lot, the hold, what was charged and what went back", async () => {
    const charged = journal[0];
    const answer = await get(`/entries/${charged?.seq}/trace`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      entry: charged,
      issued: journal[1],
      lot: { grantId: charged?.grantId, credits: 500, remaining: 493, held: 0 },
      payment: { currency: "USD", amount: 900 },
      invoice: {
        id: "in_1",
        number: "T-1",
        status: "paid",
        totalCents: 900,
        refundedCents: 0,
        currency: "usd",
      },
      hold: { status: "captured", credits: 10, captured: 7, returned: 3, lots: [{ credits: 10 }] },
      // The run of this reference is the integrator's own.
      run: null,
    });
  });

  it("of a lot is that of the entry by which it came", async () => {
    const byLot = await (await get(`/lots/${journal[0]?.grantId}/trace`)).json();
    expect(byLot).toEqual(await (await get(`/entries/${journal[1]?.seq}/trace`)).json());
    expect(byLot).toMatchObject({ hold: null, entry: { reference: { type: "invoice", id: "in_1" } } });
  });

  it("tells no invoice of somebody else's", async () => {
    const { accountId } = eve.session;
    const reference = { type: "invoice", id: "in_1" } as const;
    await grant({
      accountId,
      key: "x",
      credits: 5n,
      source: "pack",
      expiresAt: null,
      cause: "pack",
      reference,
    });
    expect(await (await get("/entries/1/trace", eve)).json()).toMatchObject({ payment: null, invoice: null });
  });

  it("tells a key the credits, and nothing of what was paid", async () => {
    const key = await aKey(ada, { kind: "own", scopes: ["credits.read"] });
    for (const path of [`/entries/${journal[1]?.seq}/trace`, `/lots/${journal[1]?.grantId}/trace`]) {
      const answer = await api.request(`/api/v1${path}`, { headers: key.headers });
      expect(await answer.json()).toMatchObject({ entry: journal[1], payment: null, invoice: null });
    }
  });

  it("is nobody else's to see", async () => {
    expect((await get("/entries/1/trace", null)).status).toBe(401);
    expect((await get(`/entries/${journal[0]?.seq}/trace`, eve)).status).toBe(404);
    expect((await get(`/lots/${journal[0]?.grantId}/trace`, eve)).status).toBe(404);
    expect((await get("/lots/none/trace")).status).toBe(404);
    expect((await get("/entries/0/trace")).status).toBe(422);
  });
});
