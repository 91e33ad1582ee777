import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { nameAccount } from "#identity";
import { grant, stopLedger } from "#ledger";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { testDatabase } from "#test";
import { api } from "./app";
import { aKey, anOwner, aUser, type TestKey, type TestUser } from "./test-caller";

/** What a request with a key costs, and whose credits it reads. */

testDatabase();

let owner: TestUser;
let ada: TestUser;
let service: TestKey;

beforeAll(async () => {
  owner = await anOwner();
  ada = await aUser("ada");
  const { accountId } = ada.session;
  await grant({ accountId, key: "w", credits: 1_000n, source: "pack", expiresAt: null, cause: "pack" });
  await nameAccount({ externalId: "customer-42", accountId });
  service = await aKey(owner);
  return stopLedger;
});

function ask(path: string, headers: Record<string, string>, body?: object): Promise<Response> {
  const init = body
    ? {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(body),
      }
    : { headers };
  return Promise.resolve(api.request(`/api/v1${path}`, init));
}

/** Where only the ledger may write; every other table refuses whoever tries. */
const ledgerTables = ["accounts", "grants", "holds", "hold_lots", "entries", "commands", "key_budgets"];

async function forbidWrites(): Promise<void> {
  const { rows } = await db().execute<{ name: string }>(
    sql`select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')
        and not (schemaname = 'public' and tablename = any (${sql.param(ledgerTables)}::text[]))`,
  );
  await db().execute(sql`create function forbid() returns trigger language plpgsql as
    $$ begin raise 'written: %', tg_table_name; end $$`);
  for (const { name } of rows) {
    await db().execute(
      sql.raw(`create trigger forbid before insert or update or delete on ${name} execute function forbid()`),
    );
  }
}

const reads = [
  "/balance",
  "/holds",
  "/entries",
  "/entries/sum",
  "/entries.csv",
  "/usage?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z",
];

describe.each(reads)("GET %s by key", (path) => {
  it("is about the customer named by account or external id, or the maker of an own key", async () => {
    for (const name of [ada.session.accountId, "customer-42"]) {
      expect((await ask(path, { ...service.headers, "toolmint-account": name })).status).toBe(200);
    }
    expect((await ask(path, (await aKey(ada, { kind: "own" })).headers)).status).toBe(200);
  });

  it("is 401 for nobody, 403 without the scope, 422 without a customer, 404 for who is not there", async () => {
    const charging = await aKey(owner, { scopes: ["charges.write"] });
    const eve = await aKey(await aUser("eve"), { kind: "own" });
    const account = { "toolmint-account": ada.session.accountId };
    const answers = [
      await ask(path, {}),
      await ask(path, { ...charging.headers, ...account }),
      await ask(path, service.headers),
      await ask(path, { ...service.headers, "toolmint-account": newId("account") }),
      await ask(path, { ...service.headers, "toolmint-account": "customer-43" }),
      await ask(path, { ...eve.headers, ...account }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 403, 422, 404, 404, 404]);
  });
});

describe("a request with a key", () => {
  it("writes nothing but what the ledger books: no limit, no last use, no session", async () => {
    const cold = await aKey(owner);
    await forbidWrites();
    const account = { "toolmint-account": "customer-42" };
    for (let time = 0; time < 3; time++) {
      const headers = { ...cold.headers, ...account, "idempotency-key": newId("request") };
      expect((await ask("/charges", headers, { credits: 1, tool: "t" })).status).toBe(201);
      const held = await ask(
        "/holds",
        { ...headers, "idempotency-key": newId("request") },
        { credits: 2, tool: "t" },
      );
      const { holdId } = await held.json();
      const ended = await ask(
        `/holds/${holdId}/capture`,
        { ...headers, "idempotency-key": newId("request") },
        { credits: 1 },
      );
      expect([held.status, ended.status]).toEqual([201, 200]);
      expect((await ask("/balance", { ...cold.headers, ...account })).status).toBe(200);
    }
    // The wall stands: a session's request, which counts its limit in the database, runs into it.
    expect((await ask("/balance", ada.headers)).status).toBe(500);
  });
});
