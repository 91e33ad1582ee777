import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { and, eq, inArray, like } from "drizzle-orm";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { log } from "#platform/log";
import { Refusal } from "#platform/refusal";
import { deleteFolder, fetchFile, storeFile, storeText } from "#platform/storage";
import { outputs, uploads } from "#schema";
import { ContentRefused, executeChecked } from "./content-check";
import { Interruption } from "./interruption";
import { ownFaultCodes, type ToolErrorCode } from "./names";
import { toolOfRun } from "./published";
import { findRun, type Output } from "./run";
import { type Attempt, giveBack, takeRun } from "./run-attempt";
import { type Ending, endRun } from "./run-end";
import { callNext, standBack, standInLine } from "./run-line";
import { AttemptPulse } from "./run-pulse";
import type { LocalFile, Tool, ToolResult } from "./tool";
import { ToolError } from "./tool-error";
import { toolFile } from "./upload";

/** The job that does a run: take it, run the tool on local files, store the result, end it. */

export type ExecuteOptions = {
  /** Tells the attempts of one job from those of another. */
  jobId: string;
  /** The job's: kept when the run has to stand in line for a model. */
  priority?: number;
  /** Fires when the worker stops: the run is then given back. */
  signal?: AbortSignal;
};

/**
 * Does one attempt at a run and ends it. Does nothing when the run is over or another job has it.
 * @throws the signal's reason when the worker stops; and faults of ours (no database), after which the job
 *   comes again.
 */
export async function executeRun(
  runId: string,
  { jobId, priority = 0, signal }: ExecuteOptions,
): Promise<void> {
  const found = await findRun(runId);
  const tool = found && (await toolOfRun(found));
  if (!found || !tool) {
    const message = "The tool is no longer offered.";
    await endRun(runId, "outside", { status: "failed", code: "not_configured", message });
    return;
  }
  signal?.throwIfAborted();
  if (await standInLine(found, tool, priority)) return;
  const attempt = await takeRun(runId, jobId, tool.limits.timeoutSeconds);
  if (!attempt) return;
  const control = new AbortController();
  const stop = () => control.abort(new Interruption("stopping"));
  signal?.addEventListener("abort", stop, { once: true });
  // It may have fired while the run was being taken.
  if (signal?.aborted) stop();
  try {
    if (!(await work(attempt, tool, control))) return await standBack(attempt, tool, priority);
    await callNext(tool).catch((error: unknown) => log().warn({ err: error }, "the line was not called"));
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** @returns false when no model had time, and the run is to stand in line again */
async function work(attempt: Attempt, tool: Tool, control: AbortController): Promise<boolean> {
  const { run } = attempt;
  const folder = join(config().dataDir, "work", `${run.id}-${attempt.attempt}`);
  const pulse = new AttemptPulse(attempt, control);
  try {
    const ending = await conclude(attempt, tool, folder, pulse, control.signal);
    await pulse.stop();
    await finish(attempt, ending);
  } catch (error) {
    await pulse.stop();
    if (!(error instanceof Interruption)) throw error;
    if (error.why === "stopping") {
      await giveBack(attempt);
      throw error;
    }
    if (error.why === "busy") return false;
    if (error.why === "canceled") await finish(attempt, { status: "canceled", credits: 0n, outputs: [] });
    if (error.why === "unpaid")
      await finish(attempt, { status: "failed", code: "hold_expired", message: "The hold had expired." });
    if (error.why === "superseded") await deleteFolder(attemptFolder(attempt));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return true;
}

/** Runs the tool and says how the run ends. @throws Interruption, when there is nothing to end it with */
async function conclude(
  attempt: Attempt,
  tool: Tool,
  folder: string,
  pulse: AttemptPulse,
  signal: AbortSignal,
): Promise<Ending> {
  try {
    const outputDirectory = join(folder, "out");
    await mkdir(outputDirectory, { recursive: true });
    const files = await fetchFiles(attempt, join(folder, "in"));
    const { onProgress, onText } = pulse;
    const { id: runId, input } = attempt.run;
    const result = await executeChecked({
      runId,
      tool,
      input,
      files,
      outputDirectory,
      signal,
      onProgress,
      onText,
    });
    const { units } = result.usage;
    const { model } = result;
    const credits = creditsOf(attempt, tool, result);
    const stored = await storeOutputs(attempt, result);
    const interruption = interruptionOf(signal);
    if (interruption) {
      // A streaming tool ends a cancelled run with what it had delivered; nobody else is charged for half.
      if (!tool.streaming || interruption.why !== "canceled") throw interruption;
      return { status: "canceled", credits, units, outputs: stored, model };
    }
    const { facts = null } = result;
    return { status: "succeeded", credits, units, outputs: stored, facts, model, streamed: tool.streaming };
  } catch (error) {
    if (error instanceof ContentRefused) {
      const { code, message, model, refusal } = error;
      return { status: "failed", code, message, model, refusal };
    }
    const interruption = interruptionOf(signal);
    if (interruption) throw interruption;
    if (error instanceof Interruption) throw error;
    const code = error instanceof ToolError ? error.code : "crashed";
    const model = error instanceof ToolError ? error.model : undefined;
    // Whoever tries a draft is to mend it, and reads what went wrong.
    const told = !ourFaults.has(code) || attempt.run.trial !== null;
    if (error instanceof ToolError && told) return { status: "failed", code, message: error.message, model };
    log().error({ err: error, runId: attempt.run.id, tool: tool.slug }, "a run failed");
    return { status: "failed", code, message: "The run could not be finished.", model };
  }
}

/** The words of our own faults name our files and servers, and go to the log only. */
const ourFaults: ReadonlySet<ToolErrorCode> = new Set(ownFaultCodes);

function interruptionOf(signal: AbortSignal): Interruption | null {
  return signal.aborted && signal.reason instanceof Interruption ? signal.reason : null;
}

async function fetchFiles({ run }: Attempt, folder: string): Promise<LocalFile[]> {
  if (run.uploadIds.length === 0) return [];
  await mkdir(folder, { recursive: true });
  const rows = await db().select().from(uploads).where(inArray(uploads.id, run.uploadIds));
  const files: LocalFile[] = [];
  for (const [index, id] of run.uploadIds.entries()) {
    const upload = rows.find((row) => row.id === id);
    if (!upload) throw new Error(`upload ${id} of run ${run.id} is gone`);
    const path = join(folder, `${index}`);
    await fetchFile(upload.storageKey, path);
    files.push({ ...toolFile(upload), path });
  }
  return files;
}

async function storeOutputs(attempt: Attempt, result: ToolResult): Promise<Omit<Output, "runId">[]> {
  const stored: Omit<Output, "runId">[] = [];
  for (const [position, output] of result.outputs.entries()) {
    const storageKey = `${attemptFolder(attempt)}/${position}`;
    const { name, mediaType, width = null, height = null } = output;
    if ("path" in output) await storeFile(storageKey, output.path, mediaType);
    else await storeText(storageKey, output.text, mediaType);
    const bytes = "path" in output ? (await stat(output.path)).size : Buffer.byteLength(output.text);
    stored.push({ position, name, mediaType, bytes, width, height, storageKey });
  }
  return stored;
}

const retryMs = [200, 1_000, 3_000];

/** Writes the end down; a database that is away for a moment does not cost the customer the result. */
async function finish(attempt: Attempt, ending: Ending): Promise<void> {
  const { run } = attempt;
  for (let tries = 0; ; tries++) {
    try {
      await endRun(run.id, attempt, ending);
      break;
    } catch (error) {
      const pauseMs = retryMs[tries];
      if (pauseMs === undefined || error instanceof Refusal) throw error;
      log().warn({ err: error, runId: run.id }, "could not end a run; trying again");
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
  await dropUnused(attempt);
}

/** Deletes what this attempt stored when the run ended without it. */
async function dropUnused(attempt: Attempt): Promise<void> {
  const folder = attemptFolder(attempt);
  const used = await db().$count(
    outputs,
    and(eq(outputs.runId, attempt.run.id), like(outputs.storageKey, `${folder}/%`)),
  );
  if (used === 0) await deleteFolder(folder);
}

/** Everything a run stores lies under one folder, each attempt in its own. */
export function runFolder(runId: string): string {
  return `runs/${runId}`;
}

function attemptFolder({ run, attempt }: Attempt): string {
  return `${runFolder(run.id)}/${attempt}`;
}

/** A price known beforehand is what was held; of others what was used, never more than was held. */
function creditsOf({ run }: Attempt, { pricing }: Tool, { usage }: ToolResult): bigint {
  return pricing.kind === "exact" || usage.credits > run.held ? run.held : usage.credits;
}
