import { createServer, type RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { terminal } from "#platform/audit";
import { models, providerSeats, providers } from "#schema";
import { testDatabase } from "#test";
import { answer } from "./answer";
import type { ModelKind } from "./model";
import { moderate } from "./moderate";
import { addModel, addProvider, requireServer, testProvider } from "./provider";

const { db } = testDatabase();

beforeEach(async () => {
  for (const table of [providerSeats, models, providers]) await db().delete(table);
});
afterEach(async () => {
  expect(await db().$count(providerSeats)).toBe(0);
});

async function aServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

async function aModel(baseUrl: string, kind: ModelKind = "moderation", maxConcurrent: number | null = null) {
  const limits = { maxConcurrent, maxPerMinute: null };
  const wish = {
    name: "p",
    protocol: "openai" as const,
    baseUrl,
    key: "sk-secret",
    enabled: true,
    ...limits,
  };
  const provider = await addProvider(wish, terminal);
  const costs = { inputCost: null, outputCost: null, imageCost: null, contextTokens: null };
  await addModel(provider, { name: "m", label: "m", kind, enabled: true, ...costs }, terminal);
  return provider;
}

/** Takes its time, notes how many it reads at once, and flags what is bad. */
async function aJudge(pauseMs: number) {
  const seen = { texts: 0, now: 0, most: 0 };
  const url = await aServer(async (request, response) => {
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    const { input }: { input: string[] } = JSON.parse(await text(request));
    await pause(pauseMs);
    seen.now -= 1;
    seen.texts += input.length;
    const results = input.map((one) => ({ flagged: one === "bad", categories: { violence: one === "bad" } }));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ results }));
  });
  return { url, seen };
}

const judged = (texts: string[], mostSeconds = 2) =>
  moderate({ texts, mostSeconds, signal: new AbortController().signal });
const pieces = (count: number) => Array.from({ length: count }, () => "good");

describe("a long text", () => {
  it("is judged whole within the time that a short one has", async () => {
    const { url, seen } = await aJudge(500);
    await aModel(url);
    expect(await judged([...pieces(19), "bad"])).toMatchObject({ flagged: true, categories: ["violence"] });
    expect(seen).toMatchObject({ texts: 20, most: 5 });
  });

  it("takes no more seats of a provider than there are", async () => {
    const { url, seen } = await aJudge(20);
    await aModel(url, "moderation", 2);
    expect(await judged(pieces(20))).toMatchObject({ flagged: false });
    expect(seen).toMatchObject({ texts: 20, most: 2 });
  });
});

describe("a provider that sends one elsewhere", () => {
  it("is not followed: neither key nor text go to a server that nobody named", async () => {
    let got = 0;
    const elsewhere = await aServer((_, response) => {
      got += 1;
      response.writeHead(200, { "content-type": "application/json" }).end('{"data":[]}');
    });
    const url = await aServer((request, response) => {
      response.writeHead(307, { location: `${elsewhere}${request.url}` }).end();
    });
    const provider = await aModel(url);
    await expect(judged(["good"])).rejects.toMatchObject({ code: "unavailable" });
    expect(await testProvider(await requireServer(provider))).toEqual({
      ...{ error: expect.any(String), answered: false },
    });
    await aModel(url, "text");
    const question = {
      system: "",
      messages: [],
      maxOutputTokens: 5,
      mostSeconds: 5,
      onText: () => undefined,
    };
    const asked = answer({
      ...question,
      messages: [{ role: "user", content: "x" }],
      signal: AbortSignal.timeout(5_000),
    });
    await expect(asked).rejects.toMatchObject({ code: "unavailable" });
    expect(got).toBe(0);
  });
});
