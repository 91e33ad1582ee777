import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { findKeyHolder } from "#identity";
import { grant, reconcile, stopLedger } from "#ledger";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { testDatabase } from "#test";
import { api } from "./app";
import { aKey, anOwner, aUser, type TestUser } from "./test-caller";

testDatabase();

let owner: TestUser;
let ada: TestUser;
let eve: TestUser;

beforeAll(async () => {
  owner = await anOwner();
  ada = await aUser("ada");
  eve = await aUser("eve");
  return stopLedger;
});

type Headers = Record<string, string>;

function send(method: string, path: string, body?: unknown, headers: Headers = ada.headers) {
  const init = {
    method,
    headers: { "idempotency-key": newId("request"), ...headers, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
  return Promise.resolve(api.request(`/api/v1${path}`, init));
}

const wanted = { name: "laptop", scopes: ["tools.run", "credits.read"] };

async function made(body: object = wanted, headers: Headers = ada.headers) {
  const answer = await send("POST", "/keys", body, headers);
  expect(answer.status).toBe(201);
  const { key, secret } = await answer.json();
  return { id: String(key.id), secret: String(secret), key };
}

function bearer(secret: string): Headers {
  return { authorization: `Bearer ${secret}` };
}

/** What a key that may read credits is answered. */
async function use(secret: string, headers: Headers = {}): Promise<number> {
  return (await send("GET", "/balance", undefined, { ...bearer(secret), ...headers })).status;
}

async function acts(object: string) {
  const { data } = await (await send("GET", `/admin/acts?object=${object}`, undefined, owner.headers)).json();
  return data;
}

describe("an API key", () => {
  it("is made with a secret that is said once; only its hash is stored", async () => {
    const idempotencyKey = newId("request");
    const { id, secret, key } = await made(wanted, { ...ada.headers, "idempotency-key": idempotencyKey });
    expect(secret).toMatch(/^tm_test_[0-9a-z]{50}$/);
    expect(key).toEqual({
      ...{ id, kind: "own", ...wanted, hint: `tm_test_…${secret.slice(-4)}`, endingSecrets: [] },
      ...{ cap: null, used: null, spentLast30Days: 0 },
      ...{ expiresAt: null, revokedAt: null, lastUsedAt: null, createdAt: expect.any(String) },
    });
    expect(await (await send("GET", `/keys/${id}`)).json()).toEqual(key);
    const { rows } = await db().execute<{ row: string }>(
      sql`select s::text as row from api_key_secrets s where api_key_id = ${id}`,
    );
    expect(rows).toHaveLength(1);
    for (const kept of [secret.slice(8), idempotencyKey]) expect(rows[0]?.row).not.toContain(kept);
    expect(await use(secret)).toBe(200);
  });

  it("is listed newest first, with what it spent, and nobody else's", async () => {
    const bob = await aUser("bob");
    const first = await made({ ...wanted, name: "first" }, bob.headers);
    const second = await made({ ...wanted, name: "second", cap: 20 }, bob.headers);
    const { data, nextCursor } = await (await send("GET", "/keys", undefined, bob.headers)).json();
    expect(data.map(({ id }: { id: string }) => id)).toEqual([second.id, first.id]);
    expect(data[0]).toMatchObject({ cap: 20, used: { spent: 0, held: 0 } });
    expect(nextCursor).toBeNull();
  });

  it("of a customer acts for that customer alone", async () => {
    const { secret } = await made();
    expect(await use(secret, { "toolmint-account": ada.session.accountId })).toBe(200);
    expect(await use(secret, { "toolmint-account": eve.session.accountId })).toBe(404);
    expect(await use(secret, { "toolmint-account": newId("account") })).toBe(404);
  });

  it("may only what its scopes say, and never make keys", async () => {
    const { secret } = await made({ ...wanted, scopes: ["tools.run"] });
    const refused = await send("GET", "/balance", undefined, bearer(secret));
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: "scope_missing", scope: "credits.read" });
    expect((await send("POST", "/keys", wanted, bearer(secret))).status).toBe(403);
    expect((await send("GET", "/me", undefined, bearer(secret))).status).toBe(403);
    expect((await send("GET", "/admin/acts", undefined, bearer(secret))).status).toBe(403);
  });

  it("ends when its time comes", async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { id, secret, key } = await made({ ...wanted, expiresAt });
    expect(key.expiresAt).toBe(expiresAt);
    await db().execute(sql`update api_keys set expires_at = now() where id = ${id}`);
    expect(await use(secret)).toBe(401);
  });

  it("is renamed, and its cap changed, never below what it has come to", async () => {
    const service = await aKey(owner, { cap: 10n });
    const { accountId } = ada.session;
    await grant({ accountId, key: "k", credits: 50n, source: "pack", expiresAt: null, cause: "pack" });
    const charge = await send(
      "POST",
      "/charges",
      { credits: 6, tool: "t" },
      { ...service.headers, "toolmint-account": accountId, "idempotency-key": "k" },
    );
    expect(charge.status).toBe(201);
    const change = (body: object) => send("PATCH", `/keys/${service.id}`, body, owner.headers);
    const low = await change({ cap: 5 });
    expect(low.status).toBe(422);
    expect((await low.json()).errors).toMatchObject([{ path: "cap" }]);
    const changed = await (await change({ name: "worker", cap: 6 })).json();
    expect(changed).toMatchObject({
      name: "worker",
      cap: 6,
      used: { spent: 6, held: 0 },
      spentLast30Days: 6,
    });
    expect(await (await change({ cap: null })).json()).toMatchObject({
      name: "worker",
      cap: null,
      used: null,
    });
    expect(await reconcile(db())).toEqual([]);
  });

  it("counts from its first credit when it gets a cap late", async () => {
    const service = await aKey(owner);
    const { accountId } = ada.session;
    const ask = (credits: number) =>
      send(
        "POST",
        "/charges",
        { credits, tool: "t" },
        { ...service.headers, "toolmint-account": accountId, "idempotency-key": newId("request") },
      );
    expect((await ask(4)).status).toBe(201);
    await send("PATCH", `/keys/${service.id}`, { cap: 5 }, owner.headers);
    expect((await ask(2)).status).toBe(402);
    expect((await ask(1)).status).toBe(201);
    expect(await reconcile(db())).toEqual([]);
  });

  it("gets a new secret; the old one works on for as long as was said", async () => {
    const { id, secret } = await made();
    const answer = await send("POST", `/keys/${id}/rotate`, { graceSeconds: 3_600 });
    expect(answer.status).toBe(200);
    const next = await answer.json();
    expect(next.key).toMatchObject({
      ...{ id, hint: `tm_test_…${next.secret.slice(-4)}` },
      endingSecrets: [{ hint: `tm_test_…${secret.slice(-4)}` }],
    });
    expect([await use(secret), await use(next.secret)]).toEqual([200, 200]);
    await db().execute(sql`update api_key_secrets set ends_at = now() where ends_at is not null`);
    const last = await (await send("POST", `/keys/${id}/rotate`, { graceSeconds: 0 })).json();
    expect([await use(secret), await use(next.secret), await use(last.secret)]).toEqual([401, 401, 200]);
  });

  it("is made once for a request; a repeat is told the same secret", async () => {
    const headers = { ...ada.headers, "idempotency-key": newId("request") };
    const [first, second] = await Promise.all([
      send("POST", "/keys", wanted, headers),
      send("POST", "/keys", wanted, headers),
    ]);
    expect([first.status, second.status].sort()).toEqual([200, 201]);
    const made = await first.json();
    expect(await second.json()).toEqual(made);
    expect(await use(made.secret)).toBe(200);
    const conflict = await send("POST", "/keys", { ...wanted, name: "another" }, headers);
    expect([conflict.status, (await conflict.json()).code]).toEqual([409, "idempotency_conflict"]);
    // The same text is another request when somebody else sends it.
    const evesOwn = await send("POST", "/keys", wanted, { ...headers, ...eve.headers });
    expect(evesOwn.status).toBe(201);
    expect((await evesOwn.json()).secret).not.toBe(made.secret);
  });

  it("is rotated once for a request; a repeat is told the same secret", async () => {
    const { id } = await made();
    const headers = { ...ada.headers, "idempotency-key": newId("request") };
    const rotate = (graceSeconds = 0) => send("POST", `/keys/${id}/rotate`, { graceSeconds }, headers);
    const first = await (await rotate()).json();
    expect(await (await rotate()).json()).toEqual(first);
    expect(await use(first.secret)).toBe(200);
    expect((await rotate(60)).status).toBe(409);
    // Replaced, it works no more; the old request neither tells it nor rotates again.
    const next = await (await send("POST", `/keys/${id}/rotate`, { graceSeconds: 0 })).json();
    const late = await rotate();
    expect([late.status, await late.json()]).toEqual([
      409,
      expect.objectContaining({ code: "secret_told", keyId: id }),
    ]);
    expect([await use(first.secret), await use(next.secret)]).toEqual([401, 200]);
  });

  it("is told of no more after a day, nor once it is revoked", async () => {
    const headers = { ...ada.headers, "idempotency-key": newId("request") };
    const { key } = await (await send("POST", "/keys", wanted, headers)).json();
    const repeat = async () => (await (await send("POST", "/keys", wanted, headers)).json()).code;
    await db().execute(
      sql`update api_key_secrets set created_at = created_at - interval '25 hours' where api_key_id = ${key.id}`,
    );
    expect(await repeat()).toBe("secret_told");
    await db().execute(sql`update api_key_secrets set created_at = now() where api_key_id = ${key.id}`);
    await send("DELETE", `/keys/${key.id}`);
    expect(await repeat()).toBe("key_revoked");
  });

  it("is revoked for good", async () => {
    const { id, secret } = await made();
    expect(await use(secret)).toBe(200);
    expect((await send("DELETE", `/keys/${id}`)).status).toBe(204);
    expect(await use(secret)).toBe(401);
    expect(await findKeyHolder(secret)).toBeNull();
    expect((await send("DELETE", `/keys/${id}`)).status).toBe(204);
    expect((await (await send("GET", `/keys/${id}`)).json()).revokedAt).not.toBeNull();
    const rotated = await send("POST", `/keys/${id}/rotate`, { graceSeconds: 0 });
    expect([rotated.status, (await rotated.json()).code]).toEqual([409, "key_revoked"]);
  });

  it.each([
    ["no name", { scopes: ["tools.run"] }, "name"],
    ["a blank name", { ...wanted, name: "  " }, "name"],
    ["no scope", { ...wanted, scopes: [] }, "scopes"],
    ["a scope that does not exist", { ...wanted, scopes: ["everything"] }, "scopes.0"],
    ["a scope of service keys", { ...wanted, scopes: ["charges.write"] }, "scopes"],
    ["half a credit as cap", { ...wanted, cap: 0.5 }, "cap"],
    ["a time that has passed", { ...wanted, expiresAt: "2020-01-01T00:00:00.000Z" }, "expiresAt"],
    ["a field that does not exist", { ...wanted, admin: true }, "admin"],
  ])("with %s is refused at the field", async (_, body, path) => {
    const answer = await send("POST", "/keys", body);
    expect(answer.status).toBe(422);
    expect((await answer.json()).errors[0].path).toBe(path);
  });
});

describe("a service key", () => {
  const service = { kind: "service", name: "worker", scopes: ["charges.write"] };

  it("is made by owners and admins; it stands in the audit log with all that is done to it", async () => {
    const { id, secret } = await made(service, owner.headers);
    await send("PATCH", `/keys/${id}`, { cap: 10 }, owner.headers);
    await send("POST", `/keys/${id}/rotate`, { graceSeconds: 60 }, owner.headers);
    await send("DELETE", `/keys/${id}`, undefined, owner.headers);
    const log = await acts(id);
    expect(log.map(({ action }: { action: string }) => action)).toEqual([
      ...["key.revoke", "key.rotate", "key.change", "key.create"],
    ]);
    expect(log[1].after).toEqual({ graceSeconds: 60 });
    expect(log[2]).toMatchObject({ before: { cap: null }, after: { cap: 10 } });
    expect(log[3]).toMatchObject({
      ...{ actorId: owner.session.user.id, objectType: "key" },
      after: { scopes: ["charges.write"], cap: null },
    });
    expect(JSON.stringify(log)).not.toContain(secret.slice(8));
  });

  it("does not exist for customers, and is refused to staff without the right", async () => {
    const { id } = await made(service, owner.headers);
    const support = await aUser("support");
    await db().execute(sql`update users set role = 'support' where id = ${support.session.user.id}`);
    for (const [somebody, status] of [[ada, 404] as const, [support, 403] as const]) {
      expect((await send("POST", "/keys", service, somebody.headers)).status).toBe(status);
      expect((await send("GET", "/keys?kind=service", undefined, somebody.headers)).status).toBe(status);
      expect((await send("DELETE", `/keys/${id}`, undefined, somebody.headers)).status).toBe(404);
    }
    expect((await send("GET", `/keys/${id}`, undefined, owner.headers)).status).toBe(200);
  });

  it("names customers by the operator's own ids", async () => {
    const { headers } = await aKey(owner);
    const name = newId("request");
    const put = (externalId: string, whom: object) =>
      send("PUT", `/external-ids/${externalId}`, whom, headers);
    expect((await put(name, { account: ada.session.accountId })).status).toBe(200);
    const { email } = eve.session.user;
    expect(await (await put("eve-7", { email: email.toUpperCase() })).json()).toEqual({
      ...{ externalId: "eve-7", account: eve.session.accountId },
    });
    const read = await send("GET", "/balance", undefined, { ...headers, "toolmint-account": name });
    expect(read.status).toBe(200);
    const taken = await put(name, { account: eve.session.accountId });
    expect([taken.status, (await taken.json()).code]).toEqual([409, "external_id_taken"]);
    expect((await put("x", { account: newId("account") })).status).toBe(404);
    expect((await put("x", { email: "nobody@example.com" })).status).toBe(404);
    expect((await put("acct_x", { account: ada.session.accountId })).status).toBe(422);
    expect((await send("DELETE", `/external-ids/${name}`, undefined, headers)).status).toBe(204);
    expect((await send("GET", `/external-ids/${name}`, undefined, headers)).status).toBe(404);
    expect((await send("GET", "/external-ids/eve-7", undefined, ada.headers)).status).toBe(403);
  });
});

const routes = [
  { method: "GET", path: (id: string) => `/keys/${id}`, body: undefined },
  { method: "PATCH", path: (id: string) => `/keys/${id}`, body: { name: "mine now" } },
  { method: "POST", path: (id: string) => `/keys/${id}/rotate`, body: { graceSeconds: 0 } },
  { method: "DELETE", path: (id: string) => `/keys/${id}`, body: undefined },
];

describe.each(routes)("$method a key", ({ method, path, body }) => {
  it("of somebody else is not found, nor one that does not exist; nobody is asked to sign in", async () => {
    const { id, secret } = await made();
    expect((await send(method, path(id), body, eve.headers)).status).toBe(404);
    expect((await send(method, path(id), body, owner.headers)).status).toBe(404);
    expect((await send(method, path(newId("apiKey")), body)).status).toBe(404);
    expect((await send(method, path(id), body, {})).status).toBe(401);
    expect((await send(method, path(id), body, bearer(secret))).status).toBe(403);
    expect(await use(secret)).toBe(200);
  });
});
