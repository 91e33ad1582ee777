import { sql } from "drizzle-orm";
import { afterEach, beforeAll, expect, it } from "vitest";
import { grant, readBalance, reconcile, stopLedger } from "#ledger";
import { testDatabase } from "#test";
import { api } from "./app";
import { aKey, anOwner, aUser, type TestKey, type TestUser } from "./test-caller";

/** More than can be done at once, and what nobody can do, asked over HTTP. */

const { db } = testDatabase();
const room = 40;
process.env.LEDGER_QUEUE = `${room}`;

let service: TestKey;

beforeAll(async () => {
  service = await aKey(await anOwner());
  return stopLedger;
});
afterEach(async () => {
  expect(await reconcile(db())).toEqual([]);
});

async function aCustomer(name: string, credits = 1_000n): Promise<TestUser> {
  const user = await aUser(name);
  const { accountId } = user.session;
  await grant({ accountId, key: "w", credits, source: "pack", expiresAt: null, cause: "pack" });
  return user;
}

function charge(customer: TestUser, key: string, reference = key): Promise<Response> {
  return Promise.resolve(
    api.request("/api/v1/charges", {
      method: "POST",
      headers: {
        ...service.headers,
        ...{ "content-type": "application/json", "idempotency-key": key },
        "toolmint-account": customer.session.accountId,
      },
      body: JSON.stringify({ credits: 1, tool: "upscaler", reference }),
    }),
  );
}

const keys = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`);
const count = (answers: Response[], wanted: number) =>
  answers.filter(({ status }) => status === wanted).length;

async function available({ session }: TestUser): Promise<number> {
  return Number((await readBalance(db(), session.accountId)).available);
}

it("a full queue answers 503 problem JSON with Retry-After at once, and does nothing of what it refused", async () => {
  const ada = await aCustomer("ada");
  const asked = keys(20 * room);
  const answers: Response[] = [];
  const order: number[] = [];
  const pending = await db().transaction(async (tx) => {
    // As long as the account is locked nothing can be charged: who found room waits, who did not is answered.
    await tx.execute(sql`select from accounts where id = ${ada.session.accountId} for update`);
    const sent = asked.map((key) => charge(ada, key));
    for (const [place, one] of sent.entries()) {
      void one.then((answer) => {
        answers.push(answer);
        order.push(place);
      });
    }
    while (answers.length < asked.length - room) await new Promise((resolve) => setImmediate(resolve));
    return sent;
  });
  // Without bound whoever came first would have been the first to be told, when the lock took too long.
  expect(order[0]).toBeGreaterThanOrEqual(room);
  const refused = answers.slice(0, asked.length - room);
  expect(count(refused, 503)).toBe(asked.length - room);
  for (const answer of refused) {
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("retry-after")).toBe("1");
    const type = "urn:toolmint:problem:busy";
    expect(await answer.json()).toMatchObject({ type, status: 503, code: "busy", outcome: "not_applied" });
  }
  const served = count(await Promise.all(pending), 201);
  expect(await available(ada)).toBe(1_000 - served);
  // The same keys, as many as there is room for at a time: each is charged once in all.
  for (let first = 0; first < asked.length; first += room) {
    const again = await Promise.all(asked.slice(first, first + room).map((key) => charge(ada, key)));
    expect(count(again, 503)).toBe(0);
  }
  expect(await available(ada)).toBe(1_000 - asked.length);
});

it("a poisonous command among many at once fails alone with 500, and the others are charged", async () => {
  const customers = [await aCustomer("bob"), await aCustomer("cyd"), await aCustomer("dan")];
  // No request can say what PostgreSQL does not take: a rule of its own stands for any fault at the write.
  await db().execute(sql`alter table entries add constraint no_poison check (reference_id <> 'poison')`);
  const poison = customers.map((customer) => charge(customer, "bad", "poison"));
  const sent = customers.flatMap((customer) => keys(10).map((key) => charge(customer, key)));
  expect(count(await Promise.all(sent), 201)).toBe(30);
  for (const answer of await Promise.all(poison)) {
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ code: "internal", title: "A fault on our side" });
  }
  for (const customer of customers) expect(await available(customer)).toBe(990);
  await db().execute(sql`alter table entries drop constraint no_poison`);
  const again = await Promise.all(customers.map((customer) => charge(customer, "bad", "poison")));
  expect(count(again, 201)).toBe(3);
});
