import type { Hono } from "hono";
import { z } from "zod";

/** `POST /v1/moderations`: flags what contains `sandbox:flagged`, or all when that is the model's name. */

const request = z.object({ model: z.string(), input: z.union([z.string(), z.array(z.string())]) });
export type ModerationRequest = z.infer<typeof request>;

/** Longer than anybody waits for a verdict. */
const slowMs = 60_000;

type Refused = { status: 401 | 429 | 500; message: string } | null;

export function addModeration(
  app: Hono,
  requests: ModerationRequest[],
  /** What a behaviour answers instead. */
  refusalOf: (behaviour: string) => Refused,
): void {
  app.post("/v1/moderations", async (c) => {
    const parsed = request.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success) return c.json({ error: { message: "invalid request" } }, 400);
    requests.push(parsed.data);
    const { model } = parsed.data;
    const told = [parsed.data.input].flat().map((text) => /sandbox:([a-z0-9-]+)/.exec(text)?.[1] ?? model);
    const refused = told.map(refusalOf).find(Boolean);
    if (refused) return c.json({ error: { message: refused.message } }, refused.status);
    if (told.includes("slow")) await untilGone(c.req.raw.signal);
    const results = told.map((behaviour) => {
      const flagged = behaviour === "flagged";
      return { flagged, categories: { violence: flagged, harassment: false } };
    });
    return c.json({ id: "modr-sandbox", model, results });
  });
}

/** Until who asked has gone, or long enough. */
function untilGone(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, slowMs).unref();
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
