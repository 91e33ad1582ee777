import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { type SandboxModel, startSandboxModel } from "#sandbox/model";
import { acts, providers } from "#schema";
import { testDatabase } from "#test";
import { api } from "./app";
import { anOwner, type TestUser } from "./test-caller";

testDatabase();

let owner: TestUser;
let sandbox: SandboxModel;

beforeAll(async () => {
  owner = await anOwner();
  sandbox = await startSandboxModel();
});
afterAll(() => sandbox.stop());

async function send(method: string, path: string, body?: object): Promise<Response> {
  const headers = { ...owner.headers, "content-type": "application/json" };
  return api.request(`/api/v1/admin${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
}

const provider = (more: object = {}) => ({
  ...{ name: "Sandbox", baseUrl: sandbox.url, key: null, enabled: true },
  ...{ maxConcurrent: null, maxPerMinute: null, ...more },
});
const model = (more: object = {}) => ({
  ...{ name: "sandbox", label: "Sandbox", kind: "text", inputCost: 250_000, outputCost: 2_000_000 },
  ...{ imageCost: null, contextTokens: 128_000, enabled: true, ...more },
});
const listed = async () => (await (await send("GET", "/providers")).json()).data;
const added = async (path: string, body: object) => {
  const answer = await send("POST", path, body);
  expect(answer.status, await answer.clone().text()).toBe(201);
  return (await answer.json()).id;
};

describe("a provider's key", () => {
  it("is kept encrypted, told by its end only, stays when it is not sent again, and goes to no other server", async () => {
    const id = await added("/providers", provider({ key: "sk-very-secret-1234" }));
    expect(JSON.stringify(await listed())).not.toContain("secret");
    const [row] = await db().select().from(providers);
    expect([row?.key?.includes("secret"), row?.keyHint]).toEqual([false, "1234"]);
    const { key: _, ...without } = provider({ name: "Renamed" });
    expect((await send("PATCH", `/providers/${id}`, without)).status).toBe(204);
    const [kept] = await db().select().from(providers);
    expect([kept?.name, kept?.key]).toEqual(["Renamed", row?.key]);
    const elsewhere = { ...without, baseUrl: "https://other.example.com/v1" };
    expect(await (await send("PATCH", `/providers/${id}`, elsewhere)).json()).toMatchObject({
      ...{ status: 422, errors: [{ path: "key" }] },
    });
    expect((await send("PATCH", `/providers/${id}`, { ...elsewhere, key: null })).status).toBe(204);
    expect((await send("PATCH", `/providers/${id}`, provider({ key: "sk-very-secret-1234" }))).status).toBe(
      204,
    );
    const told = JSON.stringify(await db().select().from(acts));
    expect([told.includes("provider.add"), told.includes("secret")]).toEqual([true, false]);
    expect((await send("DELETE", `/providers/${id}`)).status).toBe(204);
    expect(await db().select({ key: providers.key }).from(providers)).toEqual([{ key: null }]);
    expect(await listed()).toEqual([]);
  });
});

it("a provider is tested before and after it is added", async () => {
  const before = await (await send("POST", "/providers/test", { baseUrl: sandbox.url, key: null })).json();
  expect(before).toMatchObject({ error: null, models: expect.arrayContaining(["sandbox"]) });
  const nobody = { baseUrl: "http://127.0.0.1:9/v1", key: null };
  expect(await (await send("POST", "/providers/test", nobody)).json()).toMatchObject({ models: null });
  const id = await added("/providers", provider());
  const rests = { failures: 4, restsUntil: new Date(Date.now() + 60_000) };
  await db().update(providers).set(rests);
  expect(await (await send("POST", "/providers/test", { id })).json()).toMatchObject({ error: null });
  expect(await listed()).toMatchObject([{ failures: 0, restsUntil: null }]);
  await send("DELETE", `/providers/${id}`);
  expect((await send("POST", "/providers/test", { id: newId("provider") })).status).toBe(404);
});

it("a provider that answers something else is said to answer, in its own words", async () => {
  const tested = async (baseUrl: string) =>
    (await send("POST", "/providers/test", { baseUrl, key: null })).json();
  expect(await tested(new URL("/nowhere", sandbox.url).href)).toEqual({
    ...{ models: null, error: expect.stringContaining("404"), answered: true },
  });
  expect((await tested("http://127.0.0.1:9/v1")).answered).toBe(false);
});

it("models are added, changed, put in order and archived", async () => {
  const id = await added("/providers", provider());
  const [first, second] = [
    await added(`/providers/${id}/models`, model()),
    await added(`/providers/${id}/models`, model({ name: "slow", label: "Slow" })),
  ];
  const order = async () =>
    (await listed())[0].models
      .toSorted((a: { position: number }, b: { position: number }) => a.position - b.position)
      .map((one: { id: string }) => one.id);
  expect(await order()).toEqual([first, second]);
  const moved = { ...model({ name: "slow", label: "Slower", outputCost: null }), before: first };
  expect((await send("PATCH", `/models/${second}`, moved)).status).toBe(204);
  expect(await order()).toEqual([second, first]);
  expect((await listed())[0].models[0]).toMatchObject({
    label: "Slower",
    outputCost: null,
    inputCost: 250_000,
  });
  const { id: _, ...act } =
    (await db().select().from(acts)).findLast(({ action }) => action === "model.change") ?? {};
  expect(act).toMatchObject({ before: { label: "Slow", outputCost: 2_000_000 } });
  expect((await send("DELETE", `/models/${second}`)).status).toBe(204);
  expect(await order()).toEqual([first]);
  expect((await send("DELETE", `/models/${second}`)).status).toBe(404);
});

it("models that are moved at the same moment all stand where they were put last", async () => {
  const id = await added("/providers", provider());
  const wishes = ["a", "b", "c", "d"].map((name) => model({ name, label: name }));
  const ids = await Promise.all(wishes.map((wish) => added(`/providers/${id}/models`, wish)));
  for (let times = 0; times < 5; times += 1) {
    const moves = ids.map((one, place) =>
      send("PATCH", `/models/${one}`, { ...wishes[place], before: null }),
    );
    expect((await Promise.all(moves)).map(({ status }) => status)).toEqual([204, 204, 204, 204]);
  }
  const here = (await listed()).find((one: { id: string }) => one.id === id);
  const positions = here.models.map((one: { position: number }) => one.position);
  expect(new Set(positions).size).toBe(4);
  await send("DELETE", `/providers/${id}`);
});

it("what makes no sense is refused by its field", async () => {
  const paths = async (method: string, path: string, body: object) =>
    (await (await send(method, path, body)).json()).errors?.map((error: { path: string }) => error.path);
  expect(await paths("POST", "/providers", provider({ baseUrl: "ftp://x" }))).toEqual(["baseUrl"]);
  expect(await paths("POST", "/providers", provider({ baseUrl: "https://me:pass@x/v1" }))).toEqual([
    "baseUrl",
  ]);
  expect(await paths("POST", "/providers", provider({ maxConcurrent: 0 }))).toEqual(["maxConcurrent"]);
  expect((await send("PATCH", "/models/none", model())).status).toBe(404);
});

it("says in the reader's language what is wrong with a field, be it the schema's finding or ours", async () => {
  const said = async (method: string, path: string, body: object) => {
    return (await (await send(method, path, body)).json()).errors;
  };
  const chosen = await api.request("/api/v1/me", {
    ...{ method: "PATCH", headers: { ...owner.headers, "content-type": "application/json" } },
    body: JSON.stringify({ locale: "zh" }),
  });
  expect(chosen.status).toBe(200);
  expect(await said("POST", "/providers", provider({ name: "", maxConcurrent: 0 }))).toEqual([
    { path: "name", message: "内容为空。" },
    { path: "maxConcurrent", message: "不能小于 1。" },
  ]);
  const id = await added("/providers", provider({ name: "Kept", key: "sk-secret-1234" }));
  const { key: _, ...without } = provider({ name: "Kept", baseUrl: "https://other.example.com/v1" });
  expect(await said("PATCH", `/providers/${id}`, without)).toEqual([
    { path: "key", message: "这是另一台服务器：请填写它的密钥。" },
  ]);
});

it("a provider's key that is short tells nothing of itself", async () => {
  const id = await added("/providers", provider({ key: "short-12345" }));
  const shown = (await listed()).find((one: { id: string }) => one.id === id);
  expect(shown).toMatchObject({ keyHint: "", keyLost: false });
  expect((await send("DELETE", `/providers/${id}`)).status).toBe(204);
});
