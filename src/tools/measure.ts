import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { log } from "#platform/log";
import { Refusal } from "#platform/refusal";
import { type Measure, type MeasureOrder, measureOutcome } from "./measure-message";
import { ToolError } from "./tool-error";
import { type ProcessLimits, runInProcess } from "./tool-process";

/**
 * Measures uploads in a process of their own: a file may be made to keep its reader busy or to fill its memory,
 * and the process that answers everybody is not to be that reader.
 */

/** Limits that hold before anything is decoded. */
export type MeasureLimits = Omit<MeasureOrder, "path">;

/** Ordinary files take some 20 ms, the largest pictures a second. */
const processLimits: ProcessLimits = { timeoutSeconds: 15, memoryMb: 600 };
/** Ten files dropped at once are not to start ten processes. */
const maxAtOnce = 2;
/** More files of one owner, and of all together, do not wait to be measured. */
const maxWaitingOfOwner = 20;
const maxWaiting = 200;

const measureEntry = join(dirname(fileURLToPath(import.meta.url)), "measure-child.ts");

/**
 * Sniffs and measures a file of this machine. An owner's files are measured one after the other, so that
 * nobody's keep all others' waiting.
 * @param process what the measuring process may take.
 * @throws Refusal upload_unsupported, upload_too_large (pixels, unpacked bytes), upload_corrupt, or busy when too
 *   many wait or its turn took 15 s.
 */
export async function measureFile(
  path: string,
  bytes: number,
  limits: MeasureLimits,
  owner: string,
  process: ProcessLimits = processLimits,
): Promise<Measure> {
  if (bytes === 0) throw new Refusal("upload_corrupt", { reason: "empty" });
  const { accept, maxPixels, maxUnpackedBytes } = limits;
  const order = { path, accept, maxPixels, maxUnpackedBytes } satisfies MeasureOrder;
  const outcome = await inTurn(owner, () => readElsewhere(order, process));
  if ("refused" in outcome) throw new Refusal(outcome.refused.code, outcome.refused.facts);
  return outcome.measure;
}

/** A file that its reader does not survive is as good as damaged. */
async function readElsewhere(order: MeasureOrder, limits: ProcessLimits) {
  const ignore = () => undefined;
  const { signal } = new AbortController();
  const listeners = { signal, onProgress: ignore, onText: ignore };
  try {
    return await runInProcess(
      { name: "measure", order, outcome: measureOutcome, limits, ...listeners },
      measureEntry,
    );
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    log().warn({ err: error }, "an upload could not be measured");
    // Its reader's time is long for any file: the machine has too much to do, and the same file may do later.
    if (error.code === "timed_out") throw new Refusal("busy");
    throw new Refusal("upload_corrupt", { reason: error.code });
  }
}

/** The owners whose files are being measured. */
const measuring = new Set<string>();
const waiting: { owner: string; start: () => void }[] = [];

async function inTurn<T>(owner: string, work: () => Promise<T>): Promise<T> {
  const ofOwner = waiting.filter((one) => one.owner === owner).length;
  if (waiting.length >= maxWaiting || ofOwner >= maxWaitingOfOwner) {
    throw new Refusal("busy", { outcome: "not_applied" });
  }
  await new Promise<void>((start) => {
    waiting.push({ owner, start });
    startNext();
  });
  try {
    return await work();
  } finally {
    measuring.delete(owner);
    startNext();
  }
}

/** Gives a free place to whoever has waited longest and has none. */
function startNext(): void {
  if (measuring.size >= maxAtOnce) return;
  const index = waiting.findIndex(({ owner }) => !measuring.has(owner));
  const [next] = index < 0 ? [] : waiting.splice(index, 1);
  if (!next) return;
  measuring.add(next.owner);
  next.start();
}
