import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { hold, stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { singleton } from "#platform/singleton";
import { uploads } from "#schema";
import { testDatabase, testFolder } from "#test";
import { codeTools } from "#tools";
import { api } from "./app";
import { aKey, anOwner, aUser, type TestKey, type TestUser } from "./test-caller";
import { type Route, readDocument, readRoutes } from "./test-document";
import { type Resolve, sampleOf, wrongBodies, wrongParameter } from "./test-faults";
import { begun, fund } from "./test-tools";

/**
 * Whatever is wrong with a request, on whichever route: the answer is problem JSON that says so, never a fault
 * of ours, and nothing is written. Routes and their fields come from the API's own description.
 */

testDatabase();
testFolder();
process.env.CRON_SECRET = "the scheduler's own secret";
process.env.TRY_IT = "false";

const routes = await readRoutes();
const { components } = await readDocument();
const resolve: Resolve = (schema) => {
  const [, name] = /^#\/components\/schemas\/(.+)$/.exec(String(schema.$ref ?? "")) ?? [];
  return (name && components.schemas[name]) || schema;
};

let ada: TestUser;
let eve: TestUser;
let owner: TestUser;
let service: TestKey;
/** Ids that stand in paths, by the path before them: of things of Ada's, and of Eve's. */
let adas: Record<string, string>;
let eves: Record<string, string>;

beforeAll(async () => {
  [ada, eve, owner] = [await aUser("ada"), await aUser("eve"), await anOwner()];
  service = await aKey(owner);
  [adas, eves] = [await thingsOf(ada), await thingsOf(eve)];
});

afterAll(async () => {
  await announced();
  await stopLedger();
});

async function thingsOf(user: TestUser): Promise<Record<string, string>> {
  await fund(user, 100n);
  const { accountId } = user.session;
  const run = await begun(user);
  const placed = await hold({
    ...{ accountId, apiKeyId: service.id, key: newId("hold"), credits: 5n },
    ...{ cause: "tool:t", lifetimeSeconds: 3_600 },
  });
  const uploadId = newId("upload");
  await db()
    .insert(uploads)
    .values({
      ...{ id: uploadId, accountId, name: "a.png", mediaType: "image/png", bytes: 1, hash: "h" },
      ...{ storageKey: uploadId, storedAt: new Date(), expiresAt: new Date(Date.now() + 3_600_000) },
    });
  const { rows } = await db().execute<{ id: string }>(
    sql`select id from grants where account_id = ${accountId}`,
  );
  return {
    runs: run.id,
    uploads: uploadId,
    keys: (await aKey(user, { kind: "own" })).id,
    holds: placed.holdId ?? "",
    sessions: user.session.id,
    lots: rows[0]?.id ?? "",
    customers: user.session.user.id,
    staff: user.session.user.id,
    checkout: "cs_test_unknown",
    entries: "1",
    tools: "test-echo",
    "external-ids": "acct_not_allowed",
  };
}

/** What was stored when the test before was over: all of them must leave it so. */
let stored: unknown;

/** Ids of nothing. */
const unknown = {
  ...{ runs: newId("run"), uploads: newId("upload"), keys: newId("apiKey"), holds: newId("hold") },
  ...{ sessions: newId("session"), lots: newId("grant") },
};

type Fault = {
  what: string;
  path?: string;
  headers?: Record<string, string>;
  without?: string;
  body?: BodyInit;
  type?: string;
};

/** Whom the route is for. */
function callerOf({ path }: Route): Record<string, string> {
  if (path.startsWith("/api/v1/admin/")) return owner.headers;
  if (/^\/api\/v1\/(charges|holds\/|external-ids)/.test(path) || path === "/api/v1/holds") {
    return { ...service.headers, "toolmint-account": ada.session.accountId };
  }
  return path.startsWith("/api/v1/") ? ada.headers : {};
}

/** The path with these ids in it; `instead` takes the place of one of them. */
function pathWith(route: Route, ids: Record<string, string>, instead: Record<string, string> = {}): string {
  return route.path.replace(/([^/]+)\/\{(\w+)\}/g, (_, before: string, name: string) => {
    const id = instead[name] ?? ids[before] ?? "0";
    return `${before}/${id}`;
  });
}

async function send(route: Route, fault: Fault): Promise<Response> {
  const { path = pathWith(route, adas), headers = callerOf(route), body, type = "application/json" } = fault;
  const sent = new Headers({ "idempotency-key": newId("request"), ...headers });
  if (body !== undefined && !(body instanceof FormData)) sent.set("content-type", type);
  if (fault.without) sent.delete(fault.without);
  await db().execute(sql`delete from rate_limits`);
  const answer = await api.request(path, {
    method: route.method,
    headers: sent,
    ...(body !== undefined && { body }),
  });
  return answer;
}

const problem = z.object({ type: z.string(), title: z.string(), status: z.int(), code: z.string() });

/** What is wrong with the answer to a wrong request; null when it is a refusal as it should be. */
async function wrongWith(answer: Response): Promise<string | null> {
  if (answer.status < 400 || answer.status >= 500) {
    await answer.body?.cancel();
    return `${answer.status}`;
  }
  const said = problem.safeParse(await answer.json().catch(() => null));
  const told = said.success && said.data.status === answer.status;
  const typed = answer.headers.get("content-type") === "application/problem+json";
  return told && typed ? null : `${answer.status} without a problem`;
}

/** All that is stored, but what is written by the clock. */
async function everything(): Promise<unknown> {
  const { rows: tables } = await db().execute<{ name: string }>(sql`
    select table_schema || '.' || table_name as name from information_schema.tables
    where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE' and table_name <> 'rate_limits'`);
  const each = tables.map(
    ({ name }) => sql`select ${name}::text as name, count(*)::int as rows,
      sum(hashtextextended((to_jsonb(t) - 'last_used_at')::text, 0)::numeric)::text as content
      from ${sql.raw(name)} t`,
  );
  // In one order: those that read side by side come as they finish.
  return (await db().execute(sql`${sql.join(each, sql` union all `)} order by name`)).rows;
}

function schemaOf(route: Route) {
  const schema = route.requestBody?.content["application/json"]?.schema;
  return schema && resolve(schema);
}

function soundBody(route: Route): Pick<Fault, "body"> {
  const schema = schemaOf(route);
  return schema ? { body: JSON.stringify(sampleOf(schema, resolve)) } : {};
}

function faultsOf(route: Route): Fault[] {
  const sound = soundBody(route);
  const faults: Fault[] = [];
  if (!open.has(route.name)) {
    faults.push({ what: "nobody", headers: {}, ...sound });
    faults.push({ what: "a made-up key", headers: { authorization: "Bearer tm_test_nonsense" }, ...sound });
  }
  for (const parameter of route.parameters) {
    if (parameter.in === "header") continue;
    for (const { what, text } of wrongParameter(parameter)) {
      const path =
        parameter.in === "path"
          ? pathWith(route, adas, { [parameter.name]: text })
          : `${pathWith(route, adas)}?${parameter.name}=${text}`;
      faults.push({ what, path, ...sound });
    }
  }
  if (route.parameters.some(({ name, required }) => name === "Idempotency-Key" && required)) {
    faults.push({ what: "no Idempotency-Key", without: "idempotency-key", ...sound });
    for (const key of ["two words", "x".repeat(129), "\u00e9"]) {
      const headers = { ...callerOf(route), "idempotency-key": key };
      faults.push({ what: `Idempotency-Key ${key.slice(0, 20)}`, headers, ...sound });
    }
  }
  return [...faults, ...bodyFaults(route)];
}

function bodyFaults(route: Route): Fault[] {
  const schema = schemaOf(route);
  if (!schema) return [];
  const sound = JSON.stringify(sampleOf(schema, resolve));
  const bytes = new TextEncoder().encode(sound);
  const fields = wrongBodies(schema, resolve).map(({ what, value }) => ({
    what,
    body: JSON.stringify(value),
  }));
  return [
    { what: "no JSON", body: "{" },
    { what: "nothing", body: "" },
    { what: "half of it", body: sound.slice(0, -1) },
    {
      what: "no UTF-8",
      body: new Uint8Array([...bytes.slice(0, -1), 0x2c, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    },
    { what: "as text", body: sound, type: "text/plain" },
    { what: "as a form", body: sound, type: "application/x-www-form-urlencoded" },
    { what: "1 MB", body: `${sound}${" ".repeat(1024 * 1024)}` },
    ...fields,
  ];
}

/** Routes that ask nobody who they are. */
const open = new Set([
  "GET /api/healthz",
  "GET /api/v1/tools",
  "GET /api/v1/tools/{slug}",
  "GET /api/v1/unsubscribe",
  "POST /api/v1/unsubscribe",
]);

/** Which of these are answered by something else than a refusal. A few go at once: there are thousands. */
async function unrefused(route: Route, faults: readonly Fault[]): Promise<string[]> {
  const failures: (string | null)[] = [];
  for (let first = 0; first < faults.length; first += 10) {
    await db().execute(sql`delete from rate_limits`);
    // Or from the 120th made-up key of a minute on nobody would look further than at the limit.
    singleton("rate-limits.here").clear();
    failures.push(
      ...(await Promise.all(
        faults.slice(first, first + 10).map(async (fault) => {
          const failed = await wrongWith(await send(route, fault));
          return failed && `${route.name}, ${fault.what}: ${failed}`;
        }),
      )),
    );
  }
  return failures.filter((failed) => failed !== null);
}

beforeEach(async () => {
  stored ??= await everything();
});

afterEach(async () => {
  const before = stored;
  stored = await everything();
  expect(stored, "nothing was written").toEqual(before);
});

it.each(named(routes))("$name refuses whatever is wrong with a request", async ({ route }) => {
  expect(await unrefused(route, faultsOf(route))).toEqual([]);
});

/** Things of a customer's own, by the path before their id. */
const owned = new Set(["runs", "uploads", "keys", "holds", "sessions", "lots"]);
const foreign = routes.filter(({ path }) => owned.has(/([^/]+)\/\{id\}/.exec(path)?.[1] ?? ""));

it.each(named(foreign))("$name finds nothing of somebody else's", async ({ route }) => {
  const sound = soundBody(route);
  const theirs = await send(route, { what: "Eve's", path: pathWith(route, eves), ...sound });
  const nobodys = await send(route, { what: "nobody's", path: pathWith(route, unknown), ...sound });
  expect([theirs.status, nobodys.status]).toEqual([404, 404]);
});

const names = [newId("account"), "nobody", "", "acct_", "x".repeat(201), "\u00e9", "' or 1=1"];
const keyed = routes.filter(({ parameters }) => parameters.some(({ name }) => name === "Toolmint-Account"));

it.each(named(keyed))("$name acts for nobody under a name that nobody has", async ({ route }) => {
  const faults = names.map((name) => {
    const headers = { ...service.headers, "toolmint-account": name };
    return { what: name.slice(0, 20), headers, ...soundBody(route) };
  });
  expect(await unrefused(route, faults)).toEqual([]);
});

it("an upload that is none is refused", async () => {
  const route = routes.find(({ name }) => name === "POST /api/v1/uploads");
  const form = (field: string, bytes: string, name = "a.png") => {
    const body = new FormData();
    body.set(field, new File([bytes], name, { type: "image/png" }));
    return body;
  };
  const type = "multipart/form-data; boundary=b";
  const head = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n';
  const faults: Fault[] = [
    { what: "no form", body: "{}" },
    { what: "no boundary", body: head, type: "multipart/form-data" },
    { what: "nothing", body: "", type },
    { what: "broken off", body: `${head}x`, type },
    { what: "no file", body: form("other", "x") },
    { what: "an empty file", body: form("file", "") },
    { what: "no picture", body: form("file", "\0\0\0") },
    { what: "a name that is none", body: form("file", "\0", "../\0\ud83d") },
  ];
  expect(route && (await unrefused(route, faults))).toEqual([]);
  // Reading what may be a picture is a process of its own, which takes its time on a busy machine.
}, 60_000);

const quote = routes.find(({ name }) => name === "POST /api/v1/tools/{slug}/quote");

it.each(codeTools())("$slug prices no wrong input", async ({ slug, input }) => {
  const schema = z.record(z.string(), z.unknown()).parse(z.toJSONSchema(input, { io: "input" }));
  const faults = wrongBodies(schema, resolve).map(({ what, value }) => {
    return { what, path: `/api/v1/tools/${slug}/quote`, body: JSON.stringify({ input: value }) };
  });
  expect(faults.length).toBeGreaterThan(5);
  expect(quote && (await unrefused(quote, faults))).toEqual([]);
});

function named(some: readonly Route[]) {
  return some.map((route) => ({ name: route.name, route }));
}
