import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { grant, stopLedger } from "#ledger";
import { announced, stopHearing } from "#platform/changes";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { acts, toolCalls } from "#schema";
import { testDatabase, testFolder } from "#test";
import { cancelRun, findTool, inputFileUrl, type Run, startRun, type Tool } from "#tools";
import { aPrompt } from "#tools/made/fixture";
import { api } from "./app";
import { anOwner, aUser, type TestUser } from "./test-caller";

// Uploads are measured in a process of their own: on a busy machine its start takes its time.
vi.setConfig({ testTimeout: 90_000 });
testDatabase();
testFolder();

const files = { ...{ name: "files", control: "file", required: false }, label: { en: "Files", zh: "文件" } };
const definition = {
  ...aPrompt({ examples: [] }),
  fields: [{ ...files, help: null, maxCount: 2, maxBytes: 10_000, maxCharacters: 1_000 }],
  work: {
    ...{ kind: "http", url: "https://tools.example.com/run", retries: 2 },
    price: { kind: "fixed", run: 1 },
  },
};

let tool: Tool;
let owner: TestUser;
let ada: TestUser;
let secret: string;

beforeAll(async () => {
  owner = await anOwner();
  ada = await aUser("ada");
  const { accountId } = ada.session;
  await grant({ accountId, key: "w", credits: 100n, source: "pack", expiresAt: null, cause: "pack" });
  const made = await send("POST", "", { slug: "remote", definition });
  expect(made.status, await made.clone().text()).toBe(201);
  const { savedAt: seen } = await made.json();
  secret = (await (await office("POST", { seen: null })).json()).secret;
  expect((await send("POST", "/remote/publish", { base: 0, seen, reason: "for a test" })).status).toBe(200);
  const found = await findTool("remote");
  if (!found) throw new Error("the tool was not published");
  tool = found;
});
afterAll(async () => {
  await announced();
  await stopLedger();
  await stopHearing();
});

async function send(method: string, path: string, body?: object, { headers } = owner): Promise<Response> {
  return api.request(`/api/v1/admin/tools${path}`, {
    method,
    headers: { ...headers, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
}

const office = (method: string, body?: object, user = owner, slug = "remote") =>
  send(method, `/${slug}/secret`, body, user);

async function anUpload(name: string, text: string): Promise<string> {
  const body = new FormData();
  body.set("file", new File([text], name, { type: "text/plain" }));
  const headers = { ...ada.headers, "Idempotency-Key": newId("request") };
  return (await (await api.request("/api/v1/uploads", { method: "POST", body, headers })).json()).id;
}

async function aRun(files: string[] = []): Promise<Run> {
  const { accountId, user } = ada.session;
  const order = { owner: { accountId }, user, tool, input: { files }, idempotencyKey: newId("request") };
  const { run } = await startRun(order);
  await db().insert(toolCalls).values({ runId: run.id, acceptedAt: new Date() });
  return run;
}

/** Signed as the specification says, by nothing of ours. */
function call(run: string, body: string, { id = `${newId("request")}`, by = secret, agoSeconds = 0 } = {}) {
  const time = Math.floor(Date.now() / 1000) - agoSeconds;
  const key = Buffer.from(by.replace("whsec_", ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${time}.${body}`).digest("base64");
  return api.request(`/api/tool-callbacks/${run}`, {
    method: "POST",
    body,
    headers: {
      ...{ "content-type": "application/json", "webhook-id": id, "webhook-timestamp": `${time}` },
      "webhook-signature": `v1,${signature}`,
    },
  });
}

const saying = (type: string, data: object) => JSON.stringify({ type, data });
const progress = saying("run.progress", { fraction: 0.5 });
const result = saying("run.succeeded", { outputs: [{ name: "a", mediaType: "text/plain", text: "x" }] });
const refused = async (answer: Response | Promise<Response>) => {
  const { status, code } = await (await answer).json();
  return [status, code];
};

describe("POST /api/tool-callbacks/{run}", () => {
  it("takes what the tool's server signed, and the same message twice once", async () => {
    const run = await aRun();
    const [first, again] = [
      await call(run.id, progress, { id: "m1" }),
      await call(run.id, progress, { id: "m1" }),
    ];
    expect([first.status, await first.json()]).toEqual([200, { received: true, repeated: false }]);
    expect([again.status, await again.json()]).toEqual([200, { received: true, repeated: true }]);
    expect((await call(run.id, result)).status).toBe(200);
    expect(await refused(call(run.id, result))).toEqual([409, "run_over"]);
  });

  it("says plainly that a run is cancelled, is not there, or was never sent anywhere", async () => {
    const run = await aRun();
    await cancelRun({ accountId: ada.session.accountId }, run.id);
    expect(await refused(call(run.id, result))).toEqual([410, "run_canceled"]);
    expect(await refused(call(newId("run"), result))).toEqual([404, "not_found"]);
    expect(await refused(call("x", result))).toEqual([404, "not_found"]);
  });

  it("takes nothing that is forged, old, unreadable or too large", async () => {
    const { id } = await aRun();
    const forged = `whsec_${Buffer.alloc(32).toString("base64")}`;
    expect(await refused(call(id, result, { by: forged }))).toEqual([400, "signature_invalid"]);
    expect(await refused(call(id, result, { agoSeconds: 400 }))).toEqual([400, "signature_invalid"]);
    expect(await refused(call(id, "{"))).toEqual([400, "malformed_request"]);
    expect(await refused(call(id, progress.replace("0.5", '"\\u0000"')))).toEqual([400, "malformed_request"]);
    expect(await refused(call(id, progress.replace("0.5", "7")))).toEqual([422, "invalid_request"]);
    expect(await refused(call(id, `${result}${" ".repeat(1_048_576)}`))).toEqual([413, "payload_too_large"]);
  });
});

describe("GET /api/tool-files/{run}/{position}", () => {
  const get = (url: string) => api.request(url.replace(/^https?:\/\/[^/]+/, ""));

  it("hands out the files of a run that goes on, to whoever has the URL, as attachments", async () => {
    const run = await aRun([await anUpload("a.txt", "first"), await anUpload("b.txt", "second")]);
    const answer = await get(inputFileUrl(run.id, 1, 60));
    expect([answer.status, await answer.text()]).toEqual([200, "second"]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "text/plain; charset=utf-8",
      "content-disposition": expect.stringMatching(/^attachment; filename="b.txt"/),
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    expect(await refused(get(inputFileUrl(run.id, 2, 60)))).toEqual([410, "link_invalid"]);
    await cancelRun({ accountId: ada.session.accountId }, run.id);
    expect(await refused(get(inputFileUrl(run.id, 1, 60)))).toEqual([410, "link_invalid"]);
  });

  it("knows no URL that was changed, and none past its time", async () => {
    const run = await aRun([await anUpload("a.txt", "first"), await anUpload("b.txt", "second")]);
    const other = await aRun([await anUpload("c.txt", "third")]);
    const url = inputFileUrl(run.id, 0, 60);
    const changed = [
      url.replace(`${run.id}/0`, `${run.id}/1`),
      url.replace(run.id, other.id),
      url.replace(/expires=\d+/, "expires=99999999999"),
      url.replace(/signature=.*/, "signature=AAAA"),
      url.replace(/\?.*/, ""),
    ];
    for (const one of changed) expect(await refused(get(one)), one).toEqual([404, "not_found"]);
    expect(await refused(get(inputFileUrl(run.id, 0, -1)))).toEqual([410, "link_invalid"]);
  });
});

describe("a tool's secret", () => {
  it("is made by staff with the right, told once, and its making is on record", async () => {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const read = await (await office("GET")).json();
    expect(read.secret).toMatchObject({ hint: secret.slice(-4), previousUntil: null, lost: false });
    expect(JSON.stringify(read)).not.toContain(secret.slice(6, 20));
    const record = await db().select().from(acts);
    expect(record.filter(({ action }) => action === "tool.secret")).toHaveLength(1);
    expect(JSON.stringify(record)).not.toContain(secret.slice(6, 20));
  });

  it("is nobody else's to read or make, and no tool's that is not there", async () => {
    expect(await refused(office("GET", undefined, ada))).toEqual([404, "not_found"]);
    expect(await refused(office("POST", { seen: null }, ada))).toEqual([404, "not_found"]);
    expect(await refused(office("POST", { seen: null }, owner, "nothing"))).toEqual([404, "not_found"]);
  });

  it("belongs to a tool that a server does", async () => {
    expect(await refused(office("POST", { seen: null }, owner, "write"))).toEqual([404, "not_found"]);
  });

  it("gives way to a new one, which is signed with from then on as well as with the old one", async () => {
    const old = secret;
    expect(await refused(office("POST", { seen: null }))).toEqual([409, "tool_changed"]);
    const { secret: seen } = await (await office("GET")).json();
    secret = (await (await office("POST", { seen: seen.createdAt })).json()).secret;
    const run = await aRun();
    expect((await call(run.id, progress, { by: old })).status).toBe(200);
    expect((await call(run.id, progress)).status).toBe(200);
  });
});

describe("a tool that a server does", () => {
  const withWork = (work: object) => ({ ...definition, work: { ...definition.work, ...work } });
  const faults = async (work: object, language = "en") => {
    const body = { slug: "another", definition: withWork(work) };
    const answer = await send("POST", `?locale=${language}`, body);
    expect(answer.status).toBe(422);
    return (await answer.json()).errors;
  };

  it.each(["http://tools.example.com/", "https://127.0.0.1/", "https://169.254.169.254/", "https://[::1]/"])(
    "is not kept with the address %s",
    async (url) => {
      expect(await faults({ url })).toEqual([{ path: "definition.work.url", message: expect.any(String) }]);
    },
  );

  it("has a price and a most for each unit that its server counts", async () => {
    const price = { kind: "upTo", rates: { seconds: 1 }, most: { images: 1 }, minimum: 0 };
    expect((await faults({ price })).map(({ path }: { path: string }) => path)).toEqual([
      "definition.work.price.most.images",
      "definition.work.price.most.seconds",
    ]);
    const none = { kind: "upTo", rates: {}, most: {}, minimum: 0 };
    expect(await faults({ price: none })).toMatchObject([{ path: "definition.work.price.rates" }]);
  });
});
