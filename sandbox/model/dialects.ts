import type { Context, Hono } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { z } from "zod";

/** The same model, as Anthropic's and Google's APIs speak: what streams of text need, and the lists of models. */

export type Spoken = { model: string; messages: { role: string; content: string }[]; max_tokens: number };

export type Played = {
  /** The request is refused with it. */
  refused: { status: 401 | 429 | 500; message: string } | null;
  tokens: string[];
  reason: "stop" | "length" | "content_filter";
  /** What is told to have been used; null: nothing is told. */
  usage: { input: number; output: number } | null;
  pauseMs: number;
  /** After so many tokens the connection ends; null: it does not. */
  breaksAfter: number | null;
};

type Play = (spoken: Spoken) => Played;

const texts = z
  .array(z.object({ text: z.string() }))
  .transform((parts) => parts.map(({ text }) => text).join(" "));
const content = z.union([z.string(), texts]);

const anthropicRequest = z.object({
  model: z.string(),
  max_tokens: z.number().int().min(1),
  system: content.optional(),
  messages: z.array(z.object({ role: z.string(), content })),
});
const googleRequest = z.object({
  systemInstruction: z.object({ parts: texts }).optional(),
  contents: z.array(z.object({ role: z.string(), parts: texts })),
  generationConfig: z.object({ maxOutputTokens: z.number().int().min(1) }),
});

/** @param names of the models that are listed */
export function addDialects(app: Hono, names: readonly string[], play: Play): void {
  app.post("/v1/messages", async (c) => {
    const parsed = anthropicRequest.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success)
      return c.json({ type: "error", error: { type: "invalid_request_error", message: "invalid" } }, 400);
    const { model, max_tokens, system = "", messages } = parsed.data;
    const played = play({ model, max_tokens, messages: [{ role: "system", content: system }, ...messages] });
    const { refused } = played;
    if (refused)
      return c.json(
        { type: "error", error: { type: "api_error", message: refused.message } },
        refused.status,
      );
    return told(c, played, anthropicEvents(model, played));
  });
  app.get("/v1beta/models", (c) => c.json({ models: names.map((name) => ({ name: `models/${name}` })) }));
  app.post("/v1beta/models/:call", async (c) => {
    const [model = ""] = c.req.param("call").split(":");
    const parsed = googleRequest.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success)
      return c.json({ error: { code: 400, message: "invalid", status: "INVALID_ARGUMENT" } }, 400);
    const { systemInstruction, contents, generationConfig } = parsed.data;
    const played = play({
      ...{ model, max_tokens: generationConfig.maxOutputTokens },
      messages: [
        { role: "system", content: systemInstruction?.parts ?? "" },
        ...contents.map(({ role, parts }) => ({ role, content: parts })),
      ],
    });
    const { refused } = played;
    if (refused)
      return c.json(
        { error: { code: refused.status, message: refused.message, status: "X" } },
        refused.status,
      );
    return told(c, played, googleEvents(played));
  });
}

type Events = { begin: object[]; token: (text: string) => object; end: object[] };

function told(c: Context, { tokens, pauseMs, breaksAfter }: Played, { begin, token, end }: Events): Response {
  return streamSSE(c, async (stream) => {
    for (const event of begin) await send(stream, event);
    for (const [index, text] of tokens.entries()) {
      if (stream.aborted || (breaksAfter !== null && index >= breaksAfter)) return;
      if (pauseMs > 0) await stream.sleep(pauseMs);
      await send(stream, token(text));
    }
    for (const event of end) await send(stream, event);
  });
}

function send(stream: SSEStreamingApi, event: object): Promise<void> {
  const named = "type" in event && typeof event.type === "string" ? { event: event.type } : {};
  return stream.writeSSE({ ...named, data: JSON.stringify(event) });
}

function anthropicEvents(model: string, { reason, usage }: Played): Events {
  const stop = { stop: "end_turn", length: "max_tokens", content_filter: "refusal" }[reason];
  const { input, output } = usage ?? { input: 0, output: 0 };
  return {
    begin: [
      {
        type: "message_start",
        message: {
          ...{ id: "msg_sandbox", type: "message", role: "assistant", model, content: [] },
          ...{ stop_reason: null, stop_sequence: null, usage: { input_tokens: input, output_tokens: 1 } },
        },
      },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    ],
    token: (text) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
    end: [
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: stop, stop_sequence: null },
        usage: { output_tokens: output },
      },
      { type: "message_stop" },
    ],
  };
}

function googleEvents({ reason, usage }: Played): Events {
  const finishReason = { stop: "STOP", length: "MAX_TOKENS", content_filter: "SAFETY" }[reason];
  const part = (text: string) => ({ content: { role: "model", parts: [{ text }] }, index: 0 });
  return {
    begin: [],
    token: (text) => ({ candidates: [part(text)] }),
    end: [
      {
        candidates: [{ ...part(""), finishReason }],
        ...(usage && {
          usageMetadata: {
            ...{ promptTokenCount: usage.input, candidatesTokenCount: usage.output },
            totalTokenCount: usage.input + usage.output,
          },
        }),
      },
    ],
  };
}
