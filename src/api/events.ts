import { createRoute, z } from "@hono/zod-openapi";
import { readBalance } from "#ledger";
import { type Change, hearChanges } from "#platform/changes";
import { db } from "#platform/db";
import { log } from "#platform/log";
import { listLive, type Owner } from "#tools";
import { accountCodes, accountRequest, requireOwner } from "./caller";
import { problems } from "./problem";
import { newRouter } from "./router";
import { creditsJson } from "./schemas";
import { aborted, type Send, sendEvents } from "./sse";

const route = createRoute({
  method: "get",
  path: "/events",
  tags: ["Events"],
  summary: "What changes, as it does",
  description:
    "Server-sent events: on connect `snapshot` {available, held, running: [run ids]}, then `changed` {runs: [run ids], balance?: true}. They say what to read anew, not what is there; a stream that was cut begins with a snapshot again.",
  request: accountRequest,
  responses: {
    200: { description: "A stream.", content: { "text/event-stream": { schema: z.string() } } },
    ...problems(...accountCodes, "busy"),
  },
});

export const events = newRouter().openapi(route, async (c) => {
  const owner = await requireOwner(c, "runs.read");
  return sendEvents(c, owner, (send, signal) => tellChanges(owner, send, signal));
});

async function tellChanges(owner: Owner, send: Send, signal: AbortSignal): Promise<void> {
  const snapshot = async () => send("snapshot", await readSnapshot(owner));
  // Listening comes first, or what changes while the snapshot is read would be missed.
  const stop = await hearChanges("accountId" in owner ? owner.accountId : owner.visitorId, (change) => {
    if (change === "missed") {
      snapshot().catch((error: unknown) => log().warn({ err: error }, "could not read a snapshot"));
    } else if (change.balance || change.runs?.length) {
      send("changed", changedJson(change));
    }
  });
  try {
    await snapshot();
    await aborted(signal);
  } finally {
    stop();
  }
}

function changedJson({ runs = [], balance = false }: Change) {
  return { runs, ...(balance && { balance }) };
}

async function readSnapshot(owner: Owner) {
  const running = (await listLive(owner)).map(({ id }) => id);
  if ("visitorId" in owner) return { available: 0, held: 0, running };
  const { available, held } = await readBalance(db(), owner.accountId);
  return { available: creditsJson(available), held: creditsJson(held), running };
}
