import { z } from "zod";
import { grant } from "#ledger";
import { newId } from "#platform/id";
import { addTools, executeRun, type Tool } from "#tools";
import { atMost, defineTool, exactly, fields, fixed, ToolError } from "#tools/define";
import { api } from "./app";
import type { TestUser } from "./test-caller";

/** Tools for this module's tests: small, quick, and as wilful as the test needs. */

const texts = { name: "Test", summary: "Tests.", description: "Tests.", takes: "text", gives: "text" };
const label = { en: "Field", zh: "字段" };

const input = z.strictObject({
  text: z.string().min(1).max(1000).register(fields, { label }),
  price: z.number().int().min(0).max(1000).default(5).register(fields, { label }),
  /** What it does: gives the text back, fails, crashes, or works until it is stopped. */
  behave: z
    .enum(["well", "fail", "crash", "forever", "half"])
    .default("well")
    .register(fields, {
      label,
      options: Object.fromEntries(["well", "fail", "crash", "forever", "half"].map((v) => [v, label])),
    }),
});
const common = {
  category: "text" as const,
  icon: "flask-conical",
  texts: { en: texts, zh: texts },
  files: null,
  process: "worker" as const,
  limits: { timeoutSeconds: 30, memoryMb: 64 },
  examples: [],
  input,
};

const working = new Map<string, () => void>();

/** Resolves when the next run of this text has come to where it works until it is stopped. */
export function untilWorking(text = "x"): Promise<void> {
  return new Promise((resolve) => working.set(text, resolve));
}

function untilStopped(text: string, signal: AbortSignal): Promise<void> {
  working.get(text)?.();
  working.delete(text);
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

const echo = defineTool({
  ...common,
  slug: "test-echo",
  price: exactly({ run: 1 }, ({ price }) => ({ run: price })),
  async run({ input: { text, behave }, signal, onProgress }) {
    onProgress(0.5, "reading");
    if (behave === "fail") throw new ToolError("nothing_found", "There is nothing in it.");
    if (behave === "crash") throw new Error("a secret of ours");
    if (behave === "forever") {
      await untilStopped(text, signal);
      throw signal.reason;
    }
    return { outputs: [{ name: "echo.txt", mediaType: "text/plain", text }], facts: { length: text.length } };
  },
});

const stream = defineTool({
  ...common,
  slug: "test-stream",
  streaming: true,
  price: atMost({ run: 1 }, ({ price }) => ({ run: price })),
  async run({ input: { text, behave }, signal, onText }) {
    const words = text.split(" ");
    const said = behave === "well" ? words : words.slice(0, 2);
    for (const word of said) onText(`${word} `);
    if (behave !== "well") await untilStopped(text, signal);
    return {
      outputs: [{ name: "text.txt", mediaType: "text/plain", text: said.join(" ") }],
      usage: { units: { run: said.length } },
    };
  },
});

const picture = defineTool({
  ...common,
  slug: "test-picture",
  input: z.strictObject({ images: z.array(z.string()).min(1).max(3).register(fields, { label }) }),
  files: { field: "images", accept: ["image/png"], maxBytes: 1_000_000, maxCount: 3, maxPixels: 4_000_000 },
  tryable: { maxBytes: 100_000, maxPixels: 10_000 },
  price: exactly({ images: 2 }, (_input, files) => ({ images: files.length })),
  async run({ files }) {
    return { outputs: files.map(({ name, mediaType, path }) => ({ name, mediaType, path })) };
  },
});

const unset = defineTool({
  ...common,
  slug: "test-unset",
  price: fixed(1),
  needs: "image",
  run: async () => ({ outputs: [] }),
});

export const testTools: readonly Tool[] = [echo, stream, picture, unset];
addTools(testTools);

type Given = { tool?: string; input?: Record<string, unknown>; key?: string };

/** Asks the API for a run. */
export function start(
  user: TestUser,
  { tool = "test-echo", input: given = { text: "hi" }, key }: Given = {},
) {
  return api.request(`/api/v1/tools/${tool}/runs`, {
    method: "POST",
    headers: {
      ...user.headers,
      "content-type": "application/json",
      "idempotency-key": key ?? newId("request"),
    },
    body: JSON.stringify({ input: given }),
  });
}

/** Asks for a run that must be accepted. */
export async function begun(user: TestUser, given: Given = {}) {
  const answer = await start(user, given);
  if (answer.status !== 201) throw new Error(`not begun: ${answer.status} ${await answer.text()}`);
  return await answer.json();
}

/** Does the work of one job for a run. */
export function work(
  run: { id: string },
  jobId: string = newId("worker"),
  signal?: AbortSignal,
): Promise<void> {
  return executeRun(run.id, { jobId, ...(signal && { signal }) });
}

export async function read(user: TestUser, path: string) {
  return await (await api.request(`/api/v1${path}`, { headers: user.headers })).json();
}

export async function fund(user: TestUser, credits: bigint): Promise<void> {
  const { accountId } = user.session;
  await grant({
    accountId,
    key: newId("grant"),
    credits,
    source: "promo",
    expiresAt: null,
    cause: "adjustment",
  });
}

/** The balance as [available, held]. */
export async function balanceOf(user: TestUser): Promise<[available: number, held: number]> {
  const { available, held } = await read(user, "/balance");
  return [available, held];
}

/** A refusal as [status, code]. */
export async function refused(answer: Response | Promise<Response>): Promise<[status: number, code: string]> {
  const { status, code } = await (await answer).json();
  return [status, code];
}

export function cancel(user: TestUser, run: { id: string }) {
  return api.request(`/api/v1/runs/${run.id}/cancel`, { method: "POST", headers: user.headers });
}
