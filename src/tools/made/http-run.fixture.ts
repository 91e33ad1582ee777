import { type HoldId, listHolds, readBalance } from "#ledger";
import { terminal } from "#platform/audit";
import { db } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { addTools, type Run, startRun, type Tool } from "#tools";
import type { MadeDefinition } from "./definition";
import { makeSecret } from "./http-secret";
import { signMessage } from "./http-signature";
import { type HttpWork, httpWorkSchema } from "./http-work";
import { aPrompt } from "./made.fixture";
import { madeTool } from "./made-tool";

/** Tools whose work is done by a server, for tests, and runs of them. */

/** What the form of such a tool asks: a text, and files if one likes. */
export function aHttpDefinition(work: HttpWork, timeoutSeconds = 30): MadeDefinition {
  const label = { en: "Text", zh: "文字" };
  const common = { label, help: null };
  return {
    ...aPrompt({ examples: [], timeoutSeconds }),
    fields: [
      { ...common, name: "text", control: "longText", required: true, placeholder: null, maxLength: 2_000 },
      {
        ...{ ...common, name: "files", control: "file", required: false },
        ...{ maxCount: 2, maxBytes: 10_000, maxCharacters: 1_000 },
      },
    ],
    work,
  };
}

export type RemoteTool = { tool: Tool; secret: string; work: HttpWork };

/** A second costs 2 credits, and 5 are the most: 10 are held. */
export const bySeconds = { kind: "upTo", rates: { seconds: 2 }, most: { seconds: 5 }, minimum: 0 } as const;

export async function aRemoteTool(
  url: string,
  more: Partial<HttpWork> = {},
  timeoutSeconds = 30,
): Promise<RemoteTool> {
  const work = httpWorkSchema.parse({ kind: "http", url, retries: 2, price: bySeconds, ...more });
  const slug = `remote-${newId("request").slice(4)}`;
  const tool = madeTool(slug, aHttpDefinition(work, timeoutSeconds));
  addTools([tool]);
  return { tool, work, secret: await makeSecret(slug, { seen: null, keepPrevious: true }, terminal) };
}

export async function aRunOf(tool: Tool, accountId: Id<"account">, more: object = {}): Promise<Run> {
  const user = { id: newId("user"), emailVerified: true };
  const order = { owner: { accountId }, user, tool, input: { text: "hello", ...more } };
  return (await startRun({ ...order, idempotencyKey: newId("request") })).run;
}

/** A message as a server would send it. */
export function aMessage(secret: string, type: string, data: object, id: string = newId("request")) {
  const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
  return { body, headers: signMessage([secret], id, body) };
}

export const aResult = (text: string, more: object = { usage: { seconds: 3 } }) => ({
  outputs: [{ name: "out.txt", mediaType: "text/plain", text }],
  ...more,
});

/** What is there, what is held, and which holds are open. */
export async function moneyOf(
  accountId: Id<"account">,
): Promise<{ available: bigint; held: bigint; open: HoldId[] }> {
  const { available, held } = await readBalance(db(), accountId);
  const open = await listHolds(db(), accountId, { status: "open" });
  return { available, held, open: open.map(({ holdId }) => holdId) };
}
