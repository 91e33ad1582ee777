import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { z } from "zod";

/**
 * An OpenAI-compatible language model for development and tests: deterministic, offline, and able to go wrong
 * on request. It answers with words about what it was asked. Name a behaviour as the model, or write
 * `sandbox:<behaviour>` into the text, and it behaves so.
 */

export const behaviours = [
  "slow",
  "error-401",
  "error-429",
  "error-500",
  "broken",
  "no-usage",
  "wrong-usage",
  "filtered",
  "silent",
] as const;
type Behaviour = (typeof behaviours)[number];

const request = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  stream: z.boolean().default(false),
  max_tokens: z.number().int().min(1).default(1000),
  stream_options: z.object({ include_usage: z.boolean() }).optional(),
});
type ChatRequest = z.infer<typeof request>;

export type SandboxModel = {
  /** For AI_BASE_URL. */
  url: string;
  /** The bodies of the chat requests so far. */
  requests: ChatRequest[];
  stop(): Promise<void>;
};

const slowMs = 150;

/** Starts the model on loopback. @param port 0 for any free one. */
export async function startSandboxModel(port = 0): Promise<SandboxModel> {
  const requests: ChatRequest[] = [];
  const server = serve({ fetch: modelApp(requests).fetch, port, hostname: "127.0.0.1" });
  const address = await new Promise<AddressInfo>((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", () => {
      const found = server.address();
      if (found && typeof found === "object") resolve(found);
    });
  });
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    requests,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

function modelApp(requests: ChatRequest[]): Hono {
  const app = new Hono();
  app.get("/v1/models", (c) =>
    c.json({ object: "list", data: ["sandbox", ...behaviours].map((id) => ({ id, object: "model" })) }),
  );
  app.post("/v1/chat/completions", async (c) => {
    const parsed = request.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success) return c.json(problem("invalid request"), 400);
    const chat = parsed.data;
    requests.push(chat);
    const behaviour = behaviourOf(chat);
    if (behaviour === "error-401") return c.json(problem("wrong key"), 401);
    if (behaviour === "error-429") return c.json(problem("too many requests"), 429);
    if (behaviour === "error-500") return c.json(problem("the sandbox was told to fail"), 500);
    if (chat.stream) return streamSSE(c, (stream) => tell(stream, chat, behaviour));
    const { tokens, reason } = answerTo(chat, behaviour);
    const message = { role: "assistant", content: tokens.join("") };
    return c.json({
      ...head(chat, "chat.completion"),
      choices: [{ index: 0, message, finish_reason: reason }],
      usage: usageOf(chat, tokens.length, behaviour),
    });
  });
  return app;
}

async function tell(stream: SSEStreamingApi, chat: ChatRequest, behaviour: Behaviour | null): Promise<void> {
  const { tokens, reason } = answerTo(chat, behaviour);
  const send = (event: object) =>
    stream.writeSSE({ data: JSON.stringify({ ...head(chat, "chat.completion.chunk"), ...event }) });
  const choice = (delta: object, finish: string | null = null) => ({
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  await send(choice({ role: "assistant" }));
  for (const [index, content] of tokens.entries()) {
    if (stream.aborted) return;
    // Half-way the connection ends, as when a provider's server goes away.
    if (behaviour === "broken" && index >= tokens.length / 2) return;
    if (behaviour === "slow") await stream.sleep(slowMs);
    await send(choice({ content }));
  }
  await send(choice({}, reason));
  if (chat.stream_options?.include_usage && behaviour !== "no-usage") {
    await send({ choices: [], usage: usageOf(chat, tokens.length, behaviour) });
  }
  await stream.writeSSE({ data: "[DONE]" });
}

function behaviourOf({ model, messages }: ChatRequest): Behaviour | null {
  const told = /sandbox:([a-z0-9-]+)/.exec(messages.at(-1)?.content ?? "")?.[1] ?? model;
  return behaviours.find((known) => known === told) ?? null;
}

/** Words a token each, up to what was allowed. */
function answerTo(chat: ChatRequest, behaviour: Behaviour | null): { tokens: string[]; reason: string } {
  if (behaviour === "filtered") return { tokens: [], reason: "content_filter" };
  if (behaviour === "silent") return { tokens: [], reason: "stop" };
  const asked = chat.messages.at(-1)?.content ?? "";
  const task = chat.messages[0]?.content ?? "";
  const text = `## Sandbox answer\n\nTask: ${task}\n\nText: ${asked}\n\nA real model would answer this; ${"the sandbox only repeats it, word by word. ".repeat(3)}`;
  const tokens = text.match(/\s*\S+/g) ?? [];
  const isCut = tokens.length > chat.max_tokens;
  return { tokens: tokens.slice(0, chat.max_tokens), reason: isCut ? "length" : "stop" };
}

function usageOf(chat: ChatRequest, tokens: number, behaviour: Behaviour | null) {
  const completion = behaviour === "wrong-usage" ? 1e9 : tokens;
  const prompt = chat.messages.reduce((sum, { content }) => sum + content.split(/\s+/).length, 0);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

const head = (chat: ChatRequest, object: string) => ({
  id: "chatcmpl-sandbox",
  object,
  created: 0,
  model: chat.model,
});
const problem = (message: string) => ({ error: { message, type: "sandbox", code: null } });
