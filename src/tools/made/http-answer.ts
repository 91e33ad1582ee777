import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { storable } from "#platform/storable";
import { type RunContext, type RunOutcome, ToolError, type ToolOutput, type Units } from "#tools/define";
import { fetchGuarded, RequestFault } from "./http-request";
import { type HttpWork, pricedUnits } from "./http-work";

/** What a tool's server says, at once or by a callback, and what becomes of it. */

const mostOutputs = 20;
const mostMessage = 300;
/** Of all results of a run together, in bytes. */
const mostBytes = 100_000_000;
/** Beyond this no count means anything; a hold is far smaller. */
const mostUnits = 1_000_000_000;

const described = {
  name: z.string().trim().min(1).max(160),
  mediaType: z.string().regex(/^[a-z0-9][\w.+-]{0,60}\/[a-z0-9][\w.+-]{0,100}$/, "such as text/plain"),
  width: z.int().min(1).max(1_000_000).exactOptional(),
  height: z.int().min(1).max(1_000_000).exactOptional(),
};

const outputSchema = z.union([
  z.object({ ...described, text: z.string() }),
  z.object({ ...described, base64: z.base64() }),
  z.object({ ...described, url: z.url().max(2_000) }),
]);

export const resultSchema = z.object({
  outputs: z.array(outputSchema).min(1).max(mostOutputs),
  /** What was used, by its unit; judged by the tool's price. */
  usage: z.record(z.string().max(40), z.unknown()).exactOptional(),
  /** Figures shown beside the result. */
  facts: z
    .record(z.string().regex(/^[a-zA-Z]\w{0,39}$/), z.union([z.string().max(200), z.number()]))
    .refine((facts) => Object.keys(facts).length <= 20, "at most 20")
    .exactOptional(),
});

export const failureSchema = z.object({
  error: z.object({ code: z.string().max(80).exactOptional(), message: z.string() }),
});

/** What is kept of a run's end. */
export const replySchema = z.union([resultSchema, failureSchema]);
export type Reply = z.infer<typeof replySchema>;

/** @throws ToolError tool_bad_answer for what is neither a result nor a failure */
export function readReply(value: unknown): Reply {
  const { data, error } = replySchema.safeParse(value);
  if (data) return data;
  throw badAnswer(z.prettifyError(error).slice(0, mostMessage));
}

export function badAnswer(message: string): ToolError {
  return new ToolError("tool_bad_answer", message);
}

/** The no of a server, in its words, as far as they can be shown: one line, not endless. */
export function refusedBy({ error: { message, code = "" } }: z.infer<typeof failureSchema>): ToolError {
  const words = storable(message.replace(/[\p{C}\p{Z}\s]+/gu, " ").trim(), mostMessage);
  return new ToolError("tool_refused", words || code);
}

/**
 * Makes files of a reply's results and counts what was used.
 * @throws ToolError tool_refused, tool_bad_answer, tool_unavailable; the signal's reason
 */
export async function outcomeOf(
  reply: Reply,
  work: HttpWork,
  { outputDirectory, signal }: Pick<RunContext<unknown>, "outputDirectory" | "signal">,
): Promise<RunOutcome> {
  if ("error" in reply) throw refusedBy(reply);
  // Before anything is fetched: what cannot be priced is not delivered.
  const units = work.price.kind === "upTo" ? unitsOf(reply.usage ?? {}, work) : null;
  const outputs: ToolOutput[] = [];
  let bytesLeft = mostBytes;
  for (const [index, output] of reply.outputs.entries()) {
    const { name, mediaType, width, height } = output;
    const about = {
      ...{ name: cleanName(name), mediaType },
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
    };
    if ("text" in output) {
      outputs.push({ ...about, text: output.text });
      continue;
    }
    const path = join(outputDirectory, `${index}`);
    bytesLeft -= await write(output, path, { signal, maxBytes: bytesLeft });
    outputs.push({ ...about, path });
  }
  return { outputs, ...(reply.facts && { facts: reply.facts }), ...(units && { usage: { units } }) };
}

/**
 * What a server says was used, of the units that the tool has prices for. It may say too much: of a hold no more
 * is charged than it holds. It may not say what cannot be counted, nor nothing.
 */
function unitsOf(usage: Record<string, unknown>, work: HttpWork): Units {
  const known = pricedUnits(work);
  const units: Units = {};
  for (const [name, value] of Object.entries(usage)) {
    const unit = known.find((one) => one === name);
    if (!unit) throw badAnswer(`usage: the tool has no price for ${storable(name, 40)}`);
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
      throw badAnswer(`usage: ${unit} is not a number from 0`);
    }
    units[unit] = Math.min(value, mostUnits);
  }
  if (Object.keys(units).length === 0) throw badAnswer(`usage: say how many ${known.join(", ")} were used`);
  return units;
}

type Where = { signal: AbortSignal; maxBytes: number };

/** @returns the file's bytes */
async function write(
  output: { base64: string } | { url: string },
  path: string,
  { signal, maxBytes }: Where,
): Promise<number> {
  if ("base64" in output) {
    const bytes = Buffer.from(output.base64, "base64");
    await writeFile(path, bytes);
    return bytes.length;
  }
  try {
    return await fetchGuarded({ url: output.url, signal, maxBytes }, path);
  } catch (error) {
    if (!(error instanceof RequestFault)) throw error;
    const message = `the result at its URL: ${error.message}`;
    throw error.why === "unreachable" ? new ToolError("tool_unavailable", message) : badAnswer(message);
  }
}

/** A name to download by: no path, no control characters. */
function cleanName(name: string): string {
  return name.replace(/[\p{C}/\\]/gu, "_");
}
