import { createServer } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { terminal } from "#platform/audit";
import { type Config, config } from "#platform/config";
import type { Id } from "#platform/id";
import { singleton } from "#platform/singleton";
import { type SandboxModel, startSandboxModel } from "#sandbox/model";
import { models, providerSeats, providers } from "#schema";
import { testDatabase } from "#test";
import { answer, type Question } from "./answer";
import { hasModel } from "./model";
import {
  addModel,
  addProvider,
  listProviders,
  type ModelWish,
  type ProviderWish,
  requireServer,
  testProvider,
} from "./provider";

const { db } = testDatabase();
const settings = singleton<Config>("config");
let sandbox: SandboxModel;

beforeAll(async () => {
  sandbox = await startSandboxModel();
  // Not the one of whoever runs the tests.
  settings.set({ ...config(), AI_BASE_URL: undefined, AI_MODEL: undefined });
});
afterAll(() => sandbox.stop());
beforeEach(async () => {
  for (const table of [providerSeats, models, providers]) await db().delete(table);
  sandbox.requests.length = 0;
});

/** A provider with one model, whose name says how the sandbox behaves. */
async function serve(
  name: string,
  more: Partial<ProviderWish> & Partial<ModelWish> = {},
): Promise<{ provider: Id<"provider">; model: Id<"model"> }> {
  const limits = { maxConcurrent: more.maxConcurrent ?? null, maxPerMinute: more.maxPerMinute ?? null };
  const provider = await addProvider(
    {
      ...{ name, protocol: more.protocol ?? "openai", baseUrl: more.baseUrl ?? sandbox.url },
      ...{ key: more.key ?? null, enabled: true, ...limits },
    },
    terminal,
  );
  const costs = { inputCost: more.inputCost ?? null, outputCost: more.outputCost ?? null, imageCost: null };
  const contextTokens = more.contextTokens ?? null;
  const wish = { name, label: name, kind: "text", contextTokens, enabled: true, ...costs } as const;
  return { provider, model: await addModel(provider, wish, terminal) };
}

function ask(more: Partial<Question> = {}) {
  const said: string[] = [];
  const question: Question = {
    ...{ system: "Repeat.", messages: [{ role: "user", content: "Bread" }], maxOutputTokens: 400 },
    ...{ mostSeconds: 30, signal: AbortSignal.timeout(30_000), onText: (delta) => said.push(delta), ...more },
  };
  return { said, answered: answer(question) };
}

const asked = () => sandbox.requests.map(({ model }) => model);
const stateOf = async (id: Id<"provider">) => (await listProviders()).find((one) => one.id === id);

describe("the order", () => {
  it("is the operator's, and that of the question before it", async () => {
    await serve("sandbox");
    await serve("no-usage");
    expect((await ask().answered).use.name).toBe("sandbox");
    expect((await ask({ models: ["no-usage"] }).answered).use.name).toBe("no-usage");
  });

  it("ends with the model of AI_MODEL", async () => {
    settings.set({ ...config(), AI_BASE_URL: sandbox.url, AI_MODEL: "sandbox" });
    await serve("error-500");
    const { text } = await ask().answered;
    expect(asked()).toEqual(["error-500", "sandbox"]);
    expect(text).toContain("Text: Bread");
    settings.set({ ...config(), AI_BASE_URL: undefined, AI_MODEL: undefined });
  });

  it("leaves none when none is there", async () => {
    await expect(ask().answered).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("a model that fails", () => {
  it.each(["error-401", "error-429", "error-500"])(
    "%s gives way to the next, and nobody hears of it",
    async (name) => {
      await serve(name);
      await serve("sandbox");
      const { said, answered } = ask();
      expect((await answered).use.name).toBe("sandbox");
      expect(said.join("")).toContain("Text: Bread");
    },
  );

  it("is not there", async () => {
    const { provider } = await serve("sandbox", { baseUrl: "http://127.0.0.1:9/v1" });
    await serve("sandbox");
    expect((await ask().answered).text).toContain("Text: Bread");
    expect(await stateOf(provider)).toMatchObject({ failures: 1, restsUntil: null });
  });

  it("rests after three failures, and then comes after all others", async () => {
    const { provider } = await serve("error-500");
    await serve("sandbox");
    for (let times = 0; times < 3; times++) await ask().answered;
    expect((await stateOf(provider))?.restsUntil?.getTime()).toBeGreaterThan(Date.now());
    await ask({ models: ["error-500"] }).answered;
    expect(asked()).toEqual([
      "error-500",
      "sandbox",
      "error-500",
      "sandbox",
      "error-500",
      "sandbox",
      "sandbox",
    ]);
  });

  it("rests at once when its key is wrong or it has too much to do, and says what it said", async () => {
    const { provider } = await serve("error-401");
    await expect(ask().answered).rejects.toMatchObject({ code: "unavailable" });
    const { restsUntil, lastError } = (await stateOf(provider)) ?? {};
    expect(restsUntil?.getTime()).toBeGreaterThan(Date.now());
    expect(lastError).toContain("401");
  });

  it("is forgiven once it answers", async () => {
    const { provider } = await serve("sandbox");
    await db()
      .update(providers)
      .set({ failures: 2, restsUntil: new Date(Date.now() + 60_000) });
    await ask().answered;
    expect(await stateOf(provider)).toMatchObject({ failures: 0, restsUntil: null });
  });

  it("midway is not followed by another: what was passed on cannot be taken back", async () => {
    await serve("broken");
    await serve("sandbox");
    const { said, answered } = ask();
    await expect(answered).rejects.toMatchObject({ code: "broke_off" });
    expect(said.length).toBeGreaterThan(0);
    expect(asked()).toEqual(["broken"]);
  });

  it.each([
    ["filtered", "refused"],
    ["silent", "empty"],
  ])("%s has ended it as %s, and is well", async (name, code) => {
    const { provider } = await serve(name);
    await serve("sandbox");
    await expect(ask().answered).rejects.toMatchObject({ code });
    expect(await stateOf(provider)).toMatchObject({ failures: 0 });
  });
});

describe("a provider's limits", () => {
  it("hold for all processes: who comes when its seats are taken asks the next", async () => {
    await serve("slow", { maxConcurrent: 1 });
    await serve("sandbox");
    const first = ask({ maxOutputTokens: 12 });
    await expect.poll(() => asked()).toEqual(["slow"]);
    expect((await ask().answered).use.name).toBe("sandbox");
    expect(await db().$count(providerSeats)).toBe(1);
    expect((await first.answered).use.name).toBe("slow");
    expect(await db().$count(providerSeats)).toBe(0);
  });

  it("are waited for when there is no other", async () => {
    await serve("sandbox", { maxConcurrent: 1 });
    const answers = await Promise.all([ask().answered, ask().answered, ask().answered]);
    for (const { text } of answers) expect(text).toContain("Text: Bread");
  });

  it("by the minute send what is too much to the next", async () => {
    await serve("sandbox", { maxPerMinute: 1 });
    await serve("no-usage");
    expect((await ask().answered).use.name).toBe("sandbox");
    expect((await ask().answered).use.name).toBe("no-usage");
  });
});

describe("a model's context", () => {
  const long = { messages: [{ role: "user" as const, content: "word ".repeat(4_500) }] };

  it("that is too small for the question and its answer has another asked", async () => {
    await serve("sandbox", { contextTokens: 5_400 });
    await serve("no-usage", { contextTokens: 5_401 });
    expect((await ask(long).answered).use.name).toBe("no-usage");
    expect(asked()).toEqual(["no-usage"]);
    expect((await ask().answered).use.name).toBe("sandbox");
  });

  it("that is too small with all of them is told so, not that none answers", async () => {
    await serve("sandbox", { contextTokens: 5_000 });
    await expect(ask(long).answered).rejects.toMatchObject({ code: "too_large" });
    expect(asked()).toEqual([]);
    // Another would do it, and does not answer now.
    await serve("error-500");
    await expect(ask(long).answered).rejects.toMatchObject({ code: "unavailable" });
  });

  it("is known by the provider's word where nobody has entered it, which is no failure of its", async () => {
    const server = createServer((_, response) => {
      const error = { message: "This model's maximum context length is 8192 tokens." };
      response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ error }));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => void server.close());
    const address = server.address();
    const baseUrl = typeof address === "object" ? `http://127.0.0.1:${address?.port}` : "";
    const { provider } = await serve("small", { baseUrl });
    await expect(ask().answered).rejects.toMatchObject({ code: "too_large" });
    expect(await stateOf(provider)).toMatchObject({ failures: 0 });
    await serve("sandbox");
    expect((await ask().answered).use.name).toBe("sandbox");
  });
});

describe("what an answer cost", () => {
  it("is reckoned from what the provider counted", async () => {
    await serve("sandbox", { inputCost: 250_000n, outputCost: 2_000_000n });
    const { use, usage } = await ask().answered;
    expect(use).toEqual({
      name: "sandbox",
      cost: BigInt(Math.round(usage.inputTokens * 0.25 + usage.outputTokens * 2)),
    });
  });

  it("is not known without the model's costs", async () => {
    await serve("sandbox", { inputCost: 250_000n });
    expect((await ask().answered).use.cost).toBeNull();
  });

  it("is reckoned from what we count when the provider's figures cannot be", async () => {
    await serve("wrong-usage", { inputCost: 0n, outputCost: 1_000_000n });
    const { usage, use, text } = await ask().answered;
    expect(usage.outputTokens).toBeLessThan(text.length);
    expect(usage.outputTokens).toBeGreaterThan(text.length / 10);
    expect(use.cost).toBe(BigInt(usage.outputTokens));
  });

  it("is told of what came before it was cancelled", async () => {
    await serve("slow", { inputCost: 1_000_000n, outputCost: 1_000_000n });
    const cancel = new AbortController();
    const { answered } = ask({ signal: cancel.signal, onText: () => cancel.abort(new Error("cancelled")) });
    const { text, use } = await answered;
    expect(text).toBe("##");
    expect(use.cost).not.toBeNull();
  });
});

it("cancelled before the first word there is no answer", async () => {
  await serve("slow");
  const reason = new Error("cancelled");
  const cancel = new AbortController();
  cancel.abort(reason);
  await expect(ask({ signal: cancel.signal }).answered).rejects.toBe(reason);
});

describe.each(["anthropic", "google"] as const)("a provider that speaks as %s does", (protocol) => {
  const speaking = (name: string, more: Partial<ModelWish> = {}) =>
    serve(name, {
      ...{ protocol, key: "k", ...more },
      baseUrl: protocol === "google" ? sandbox.url.replace("/v1", "/v1beta") : sandbox.url,
    });

  it("answers word by word, and is paid for what it counted", async () => {
    await speaking("sandbox", { inputCost: 1_000_000n, outputCost: 2_000_000n });
    const { said, answered } = ask();
    const { text, usage, use } = await answered;
    expect([use.name, text]).toEqual(["sandbox", said.join("")]);
    expect(text).toContain("Task: Repeat.");
    expect(usage.outputTokens).toBe(text.split(/\s+/).length);
    expect(use.cost).toBe(BigInt(usage.inputTokens + 2 * usage.outputTokens));
  });

  it.each(["error-401", "error-429", "error-500"])("%s gives way to the next", async (name) => {
    await speaking(name);
    await serve("sandbox");
    expect((await ask().answered).use.name).toBe("sandbox");
  });

  it("refuses and breaks off as any other", async () => {
    await speaking("filtered");
    await expect(ask().answered).rejects.toMatchObject({ code: "refused" });
    await db().delete(models);
    await speaking("broken");
    await expect(ask().answered).rejects.toMatchObject({ code: "broke_off" });
  });

  it("lists its models", async () => {
    const { provider } = await speaking("sandbox");
    expect(await testProvider(await requireServer(provider))).toMatchObject({
      models: expect.arrayContaining(["sandbox"]),
    });
  });

  it("is not asked to judge texts", async () => {
    const { provider } = await speaking("sandbox");
    const costs = { inputCost: null, outputCost: null, imageCost: null, contextTokens: null };
    await addModel(
      provider,
      { name: "m", label: "m", kind: "moderation", enabled: true, ...costs },
      terminal,
    );
    expect(await hasModel("moderation")).toBe(false);
  });
});
