import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import sharp from "sharp";
import { z } from "zod";
import { addDialects, type Played } from "./dialects";
import { addModeration, type ModerationRequest } from "./moderation";

/**
 * A language model for development and tests, which speaks OpenAI's API and, for text, Anthropic's and Google's: deterministic, offline, and able to go wrong
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
  "malformed",
  "flagged",
] as const;
type Behaviour = (typeof behaviours)[number];

/** Text, or parts of which images are only counted. */
const content = z.union([
  z.string(),
  z
    .array(
      z
        .discriminatedUnion("type", [
          z.object({ type: z.literal("text"), text: z.string() }),
          z.object({
            type: z.literal("image_url"),
            image_url: z.object({ url: z.string().startsWith("data:image/") }),
          }),
        ])
        .transform((part) => (part.type === "text" ? part.text : "[image]")),
    )
    .transform((parts) => parts.join(" ")),
]);

const request = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content })),
  temperature: z.number().optional(),
  stream: z.boolean().default(false),
  max_tokens: z.number().int().min(1).default(1000),
  stream_options: z.object({ include_usage: z.boolean() }).optional(),
});
type ChatRequest = z.infer<typeof request>;

const drawingRequest = z.object({
  model: z.string(),
  prompt: z.string(),
  n: z.number().int().min(1).max(10).default(1),
  size: z
    .string()
    .regex(/^\d{2,4}x\d{2,4}$/)
    .default("512x512"),
});
type DrawingRequest = z.infer<typeof drawingRequest>;

export type SandboxModel = {
  /** For AI_BASE_URL. */
  url: string;
  /** The bodies of the chat requests so far, of those for images, and of those to judge texts. */
  requests: ChatRequest[];
  drawings: DrawingRequest[];
  moderations: ModerationRequest[];
  stop(): Promise<void>;
};

const slowMs = 150;

/** Starts the model on loopback. @param port 0 for any free one. */
export async function startSandboxModel(port = 0): Promise<SandboxModel> {
  const requests: ChatRequest[] = [];
  const drawings: DrawingRequest[] = [];
  const moderations: ModerationRequest[] = [];
  const app = modelApp(requests, drawings);
  addDialects(app, ["sandbox", ...behaviours], (spoken) => play(requests, { ...spoken, stream: true }));
  addModeration(app, moderations, (behaviour) => refusalOf(behaviourOf(behaviour)));
  const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" });
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
    drawings,
    moderations,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

function modelApp(requests: ChatRequest[], drawings: DrawingRequest[]): Hono {
  const app = new Hono();
  app.get("/v1/models", (c) =>
    c.json({ object: "list", data: ["sandbox", ...behaviours].map((id) => ({ id, object: "model" })) }),
  );
  app.post("/v1/chat/completions", async (c) => {
    const parsed = request.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success) return c.json(problem("invalid request"), 400);
    const chat = parsed.data;
    requests.push(chat);
    const behaviour = behaviourOf(chat.model, chat.messages.at(-1)?.content);
    const refused = refusalOf(behaviour);
    if (refused) return c.json(problem(refused.message), refused.status);
    if (chat.stream) return streamSSE(c, (stream) => tell(stream, chat, behaviour));
    const { tokens, reason } = answerTo(chat, behaviour);
    const message = { role: "assistant", content: tokens.join("") };
    return c.json({
      ...head(chat, "chat.completion"),
      choices: [{ index: 0, message, finish_reason: reason }],
      usage: usageOf(chat, tokens.length, behaviour),
    });
  });
  app.post("/v1/images/generations", async (c) => {
    const parsed = drawingRequest.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success) return c.json(problem("invalid request"), 400);
    const order = parsed.data;
    drawings.push(order);
    const behaviour = behaviourOf(order.model, order.prompt);
    const refused = refusalOf(behaviour);
    if (refused) return c.json(problem(refused.message), refused.status);
    if (behaviour === "filtered") return c.json(problem("the prompt is not allowed"), 400);
    if (behaviour === "silent") return c.json({ created: 0, data: [] });
    if (behaviour === "slow") await new Promise((resolve) => setTimeout(resolve, slowMs * 20));
    const data = await Promise.all(Array.from({ length: order.n }, (_, index) => picture(order, index)));
    return c.json({ created: 0, data: data.map((bytes) => ({ b64_json: bytes.toString("base64") })) });
  });
  return app;
}

/** What comes of a chat, for those who speak otherwise. */
function play(requests: ChatRequest[], chat: ChatRequest): Played {
  requests.push(chat);
  const behaviour = behaviourOf(chat.model, chat.messages.at(-1)?.content);
  const { tokens, reason } = answerTo(chat, behaviour);
  const { prompt_tokens: input, completion_tokens: output } = usageOf(chat, tokens.length, behaviour);
  return {
    ...{ refused: refusalOf(behaviour), tokens, reason },
    usage: behaviour === "no-usage" ? null : { input, output },
    pauseMs: behaviour === "slow" ? slowMs : 0,
    breaksAfter: behaviour === "broken" ? Math.floor(tokens.length / 2) : null,
  };
}

function refusalOf(behaviour: Behaviour | null) {
  if (behaviour === "error-401") return { status: 401, message: "wrong key" } as const;
  if (behaviour === "error-429") return { status: 429, message: "too many requests" } as const;
  if (behaviour === "error-500") return { status: 500, message: "the sandbox was told to fail" } as const;
  return null;
}

/** A PNG in a colour that the prompt and the image's number decide. */
function picture({ prompt, size }: DrawingRequest, index: number): Promise<Buffer> {
  const [width = 512, height = 512] = size.split("x").map(Number);
  const [r = 0, g = 0, b = 0] = createHash("sha256").update(`${prompt} ${index}`).digest();
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
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

function behaviourOf(model: string, text = ""): Behaviour | null {
  const told = /sandbox:([a-z0-9-]+)/.exec(text)?.[1] ?? model;
  return behaviours.find((known) => known === told) ?? null;
}

/** Words a token each, up to what was allowed. */
function answerTo(
  chat: ChatRequest,
  behaviour: Behaviour | null,
): { tokens: string[]; reason: Played["reason"] } {
  if (behaviour === "filtered") return { tokens: [], reason: "content_filter" };
  if (behaviour === "silent") return { tokens: [], reason: "stop" };
  const asked = chat.messages.at(-1)?.content ?? "";
  const task = chat.messages[0]?.content ?? "";
  const table = /^JSON Schema: (\{.*\})$/m.exec(task)?.[1];
  const text = table && behaviour !== "malformed" ? rowsOf(table) : wordsOf(task, asked);
  const tokens = text.match(/\s*\S+/g) ?? [];
  const isCut = tokens.length > chat.max_tokens;
  return { tokens: tokens.slice(0, chat.max_tokens), reason: isCut ? "length" : "stop" };
}

function wordsOf(task: string, asked: string): string {
  return `## Sandbox answer\n\nTask: ${task}\n\nText: ${asked}\n\nA real model would answer this; ${"the sandbox only repeats it, word by word. ".repeat(3)}`;
}

/** Of `["string", "null"]` the first. */
const kindSchema = z.union([z.string(), z.tuple([z.string()], z.string()).transform(([kind]) => kind)]);

const rowsSchema = z.object({
  properties: z.object({
    rows: z.object({ items: z.object({ properties: z.record(z.string(), z.object({ type: kindSchema })) }) }),
  }),
});

/** Two rows of the table that the schema asks for. */
function rowsOf(schema: string): string {
  const { properties } = rowsSchema.parse(JSON.parse(schema)).properties.rows.items;
  const row = (n: number) =>
    Object.fromEntries(
      Object.entries(properties).map(([name, { type }]) => [
        name,
        type === "number" ? n : type === "boolean" ? n === 1 : `${name} ${n}`,
      ]),
    );
  return JSON.stringify({ rows: [row(1), row(2)] });
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
