import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { fetchGuarded, type GuardedRequest, type Lookup, requestGuarded } from "./http-request";
import { allowPrivate, aServer } from "./http-server.fixture";

const folder = mkdtempSync(join(tmpdir(), "toolmint-request-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asked = (url: string, more: Partial<GuardedRequest> = {}) =>
  requestGuarded({
    url,
    method: "POST",
    body: "{}",
    signal: new AbortController().signal,
    maxBytes: 100,
    ...more,
  });

/** Says these addresses for every name, and counts how often it was asked. */
function naming(...addresses: string[]): { lookup: Lookup; names: string[] } {
  const names: string[] = [];
  const lookup: Lookup = (hostname, _, callback) => {
    names.push(hostname);
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return { lookup, names };
}

describe("a request on a site that keeps tools out of its network", () => {
  beforeEach(() => allowPrivate(false));

  it.each([
    "https://127.0.0.1:4444/",
    "https://[::1]:4444/",
    "https://169.254.169.254/",
    "http://example.com/",
  ])("to %s is refused before anything is sent", async (url) => {
    const { lookup, names } = naming("8.8.8.8");
    await expect(asked(url, { lookup })).rejects.toMatchObject({ why: "forbidden" });
    expect(names).toEqual([]);
  });

  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "::1",
    "fd00:ec2::254",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
  ])("to a name that is found at %s is refused, and nobody is called", async (address) => {
    const server = await aServer((_, response) => response.end("ours"));
    const { lookup, names } = naming(address);
    const url = `https://tools.example.com:${server.port}/`;
    await expect(asked(url, { lookup })).rejects.toMatchObject({ why: "forbidden" });
    expect(names).toEqual(["tools.example.com"]);
    expect(server.got).toEqual([]);
  });

  it("looks the name up for each connection: one that has moved inside is refused the next time", async () => {
    const found = [["192.0.2.1"], ["127.0.0.1"]];
    const lookup: Lookup = (_, __, callback) =>
      callback(
        null,
        (found.shift() ?? []).map((address) => ({ address, family: 4 })),
      );
    for (const _ of [1, 2]) {
      await expect(asked("https://tools.example.com/", { lookup })).rejects.toMatchObject({
        why: "forbidden",
      });
    }
    expect(found).toEqual([]);
  });
});

describe("a request", () => {
  beforeEach(() => allowPrivate());

  it("brings status, headers and body, of whatever status", async () => {
    const server = await aServer((_, response) => response.writeHead(422, { "x-a": "b" }).end("no"));
    const answer = await asked(`${server.url}/run?a=1`, { headers: { "content-type": "application/json" } });
    expect([answer.status, answer.headers["x-a"], answer.body.toString()]).toEqual([422, "b", "no"]);
    expect(server.got).toMatchObject([{ method: "POST", path: "/run?a=1", body: "{}" }]);
    expect(server.got[0]?.headers).toMatchObject({
      "content-length": "2",
      "content-type": "application/json",
    });
  });

  it.each(["http://169.254.169.254/", "http://127.0.0.1:1/", "/elsewhere"])(
    "follows no redirect to %s",
    async (location) => {
      const server = await aServer((_, response) => response.writeHead(307, { location }).end());
      expect((await asked(server.url)).status).toBe(307);
      expect(server.got).toHaveLength(1);
    },
  );

  it("reads no more than it may", async () => {
    const server = await aServer((_, response) => {
      response.on("error", () => undefined);
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    });
    await expect(asked(server.url)).rejects.toMatchObject({ why: "too_large" });
    const fetched = fetchGuarded({ ...quiet(), url: server.url, maxBytes: 1_000_000 }, join(folder, "large"));
    await expect(fetched).rejects.toMatchObject({ why: "too_large" });
  });

  it("unpacks nothing", async () => {
    const packed = gzipSync(Buffer.alloc(1_000_000));
    const server = await aServer((_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(packed),
    );
    await expect(asked(server.url, { maxBytes: 10_000 })).rejects.toMatchObject({ why: "too_large" });
    expect(server.got[0]?.headers["accept-encoding"]).toBe("identity");
  });

  it("ends when its time is up, also in the middle of an answer", async () => {
    const silent = await aServer(() => undefined);
    const half = await aServer((_, response) => response.write("half"));
    for (const { url } of [silent, half]) {
      const why = new Error("time is up");
      const control = new AbortController();
      const answer = expect(asked(url, { signal: control.signal })).rejects.toBe(why);
      await expect.poll(() => [...silent.got, ...half.got].length).toBeGreaterThan(url === half.url ? 1 : 0);
      control.abort(why);
      await answer;
    }
  });

  it("says when nobody answers, or breaks off", async () => {
    const gone = await aServer((_, response) => response.destroy());
    const torn = await aServer((_, response, request) => {
      response.writeHead(200, { "content-length": "50" }).write("half");
      setImmediate(() => request.socket.destroy());
    });
    for (const url of [gone.url, torn.url, "http://127.0.0.1:1025/", "http://nowhere.invalid/"]) {
      await expect(asked(url)).rejects.toMatchObject({ why: "unreachable" });
    }
  });
});

describe("what is under a URL", () => {
  beforeEach(() => allowPrivate());

  it("is written to a file", async () => {
    const server = await aServer((_, response) => response.end("picture"));
    const path = join(folder, "file");
    expect(await fetchGuarded({ ...quiet(), url: server.url }, path)).toBe(7);
    expect(readFileSync(path, "utf8")).toBe("picture");
    expect(server.got).toMatchObject([{ method: "GET" }]);
  });

  it("is nothing when the answer is another than 200", async () => {
    const server = await aServer((_, response) => response.writeHead(302, { location: "/b" }).end());
    const fetched = fetchGuarded({ ...quiet(), url: server.url }, join(folder, "none"));
    await expect(fetched).rejects.toMatchObject({ why: "unreachable" });
  });
});

function quiet() {
  return { signal: new AbortController().signal, maxBytes: 100 };
}
