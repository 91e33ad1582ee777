import type { Context } from "hono";
import { watchCredential } from "#identity";
import { log } from "#platform/log";
import { Refusal } from "#platform/refusal";
import { isShuttingDown, onShutdown } from "#platform/shutdown";
import { singleton } from "#platform/singleton";
import type { Owner } from "#tools";
import type { ApiEnv } from "./router";

/**
 * Server-sent events: streams that end when their reader goes or is signed out, when the process stops, or
 * after a while.
 */

/** In one process, of one owner: a browser shares one among its tabs. */
const maxStreams = 12;
const heartbeatMs = 15_000;
/** Then the browser connects again and shows who it is anew: a session that has expired hears no longer. */
const lifetimeMs = 10 * 60_000;
/** A reader that has so many events waiting is not reading. */
const maxBacklog = 1_000;

const streamHeaders = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store",
  // nginx would otherwise collect the stream.
  "X-Accel-Buffering": "no",
};

export type Send = (event: string, data: unknown, id?: string) => void;

const counts = singleton<Map<string, number>>("sse.streams");

/**
 * Answers with a stream that `write` fills until it returns or its signal fires.
 * @throws Refusal rate_limited over the cap, busy while the process stops
 */
export function sendEvents(
  c: Context<ApiEnv>,
  owner: Owner,
  write: (send: Send, signal: AbortSignal) => Promise<void>,
): Response {
  if (isShuttingDown()) throw new Refusal("busy", { retryAfterSeconds: 2 });
  // HEAD is answered by the same route, and nobody would read the stream, nor end it.
  if (c.req.method === "HEAD") return c.body(null, 200, streamHeaders);
  const leave = enter("accountId" in owner ? owner.accountId : owner.visitorId);
  const control = new AbortController();
  const close = () => control.abort();
  const takeBack = onShutdown("streams", "events", close);
  c.req.raw.signal.addEventListener("abort", close, { once: true });
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const put = (text: string) => {
        if (control.signal.aborted) return;
        if ((controller.desiredSize ?? 0) < -maxBacklog) close();
        else controller.enqueue(encoder.encode(text));
      };
      const heartbeat = setInterval(() => put(": \n\n"), heartbeatMs);
      const life = setTimeout(close, lifetimeMs);
      put("retry: 2000\n\n");
      const send: Send = (event, data, id) =>
        put(`${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      untilSignedOut(c, close, () => write(send, control.signal))
        .catch((error: unknown) => {
          if (!control.signal.aborted)
            log().warn({ err: error, requestId: c.get("requestId") }, "a stream broke");
        })
        .finally(() => {
          clearInterval(heartbeat);
          clearTimeout(life);
          takeBack();
          leave();
          end(controller);
        });
    },
    cancel: close,
  });
  return c.body(body, 200, streamHeaders);
}

/** Does the work; meanwhile, whoever asked for it may be signed out. */
async function untilSignedOut(c: Context<ApiEnv>, close: () => void, work: () => Promise<void>) {
  const credential = c.get("session")?.id ?? c.get("keyHolder")?.apiKeyId;
  if (!credential) return work();
  const stop = await watchCredential(credential, close);
  try {
    await work();
  } finally {
    stop();
  }
}

/** Resolves when the signal fires. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function enter(id: string): () => void {
  const open = counts.once(() => new Map());
  const now = open.get(id) ?? 0;
  if (now >= maxStreams) {
    throw new Refusal("rate_limited", { retryAfterSeconds: 30, limit: maxStreams, remaining: 0 });
  }
  open.set(id, now + 1);
  return () => {
    const left = (open.get(id) ?? 1) - 1;
    if (left > 0) open.set(id, left);
    else open.delete(id);
  };
}

/** A stream that its reader has cancelled is closed already. */
function end(controller: ReadableStreamDefaultController): void {
  try {
    controller.close();
  } catch {
    return;
  }
}
