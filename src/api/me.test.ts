import { beforeAll, describe, expect, it } from "vitest";
import { testDatabase, testFolder } from "#test";
import { api } from "./app";
import { aUser, type TestUser } from "./test-caller";
import { read, refused } from "./test-tools";

testDatabase();
testFolder();

let ada: TestUser;

beforeAll(async () => {
  ada = await aUser("ada");
});

function send(method: string, path: string, body?: unknown, headers: Record<string, string> = ada.headers) {
  return api.request(`/api/v1${path}`, {
    method,
    headers: { ...headers, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

describe("/api/v1/me", () => {
  it("says who one is", async () => {
    const me = await read(ada, "/me");
    expect(me).toMatchObject({ user: { name: "ada", role: "user" }, verified: true, adoptedRuns: 0 });
    expect(me.account.id).toMatch(/^acct_/);
    expect(await refused(send("GET", "/me", undefined, {}))).toEqual([401, "unauthenticated"]);
  });

  it("changes what is given and names what is wrong", async () => {
    const changed = await send("PATCH", "/me", { locale: "zh", timeZone: "Asia/Shanghai" });
    expect(await changed.json()).toMatchObject({
      user: { name: "ada", locale: "zh", timeZone: "Asia/Shanghai" },
    });
    expect(await read(ada, "/me")).toMatchObject({ user: { locale: "zh" } });
    const wrong = await (await send("PATCH", "/me", { name: "", timeZone: "Mars/Base" })).json();
    expect(wrong.errors.map(({ path }: { path: string }) => path)).toEqual(["name", "timeZone"]);
  });

  it("lists sessions and signs a device out", async () => {
    const { data } = await read(ada, "/me/sessions");
    expect(data).toMatchObject([{ current: true }]);
    const bob = await aUser("bob");
    const theirs = send("DELETE", `/me/sessions/${data[0].id}`, undefined, bob.headers);
    expect(await refused(theirs)).toEqual([404, "not_found"]);
    const cleo = await aUser("cleo");
    const [session] = (await read(cleo, "/me/sessions")).data;
    expect((await send("DELETE", `/me/sessions/${session.id}`, undefined, cleo.headers)).status).toBe(204);
    expect(await refused(send("GET", "/me", undefined, cleo.headers))).toEqual([401, "unauthenticated"]);
  });
});

describe("/api/v1/tools", () => {
  it("lists tools in the caller's language, to anybody", async () => {
    const { data } = await (await api.request("/api/v1/tools")).json();
    const convert = data.find(({ slug }: { slug: string }) => slug === "image-convert");
    expect(convert).toMatchObject({ configured: true, missing: null, files: { field: "images" } });
    expect(convert.fields.map(({ name }: { name: string }) => name)).toContain("format");
    const one = await (await api.request("/api/v1/tools/image-convert?locale=zh")).json();
    expect(one.fields[0].label).toBe("图片");
    const chinese = { headers: { "accept-language": "zh-CN,zh;q=0.9" } };
    expect(await (await api.request("/api/v1/tools/image-convert", chinese)).json()).toEqual(one);
    expect(await refused(api.request("/api/v1/tools/nothing"))).toEqual([404, "not_found"]);
  });
});

describe("an unsafe request with a cookie", () => {
  it("must come from our own pages", async () => {
    const { cookie = "" } = ada.headers;
    const from = (headers: Record<string, string>) =>
      send("PATCH", "/me", { name: "ada" }, { cookie, ...headers });
    expect(await refused(from({}))).toEqual([403, "bad_origin"]);
    expect(await refused(from({ origin: "http://localhost:3001" }))).toEqual([403, "bad_origin"]);
    expect(await refused(from({ origin: "null", "sec-fetch-site": "same-origin" }))).toEqual([
      403,
      "bad_origin",
    ]);
    expect(await refused(from({ "sec-fetch-site": "same-site" }))).toEqual([403, "bad_origin"]);
    expect((await from({ "sec-fetch-site": "same-origin" })).status).toBe(200);
    expect((await from({ origin: "http://127.0.0.1:3000" })).status).toBe(200);
  });
});

describe("rate limits", () => {
  it("say what is left, and when to come again", async () => {
    const eve = await aUser("eve");
    const first = await api.request("/api/v1/runs.csv", { headers: eve.headers });
    expect(first.headers.get("ratelimit-limit")).toBe("20");
    expect(first.headers.get("ratelimit-remaining")).toBe("19");
    const more = Array.from({ length: 20 }, () => api.request("/api/v1/runs.csv", { headers: eve.headers }));
    const refusals = (await Promise.all(more)).filter(({ status }) => status === 429);
    expect(refusals).toHaveLength(1);
    const [over] = refusals;
    expect(Number(over?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(over?.headers.get("ratelimit-remaining")).toBe("0");
    expect(await over?.json()).toMatchObject({ code: "rate_limited", limit: 20 });
  });
});
