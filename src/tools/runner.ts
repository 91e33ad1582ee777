import type { ModelUse } from "#models";
import { log } from "#platform/log";
import { Interruption } from "./interruption";
import { outcomeMessage } from "./runner-message";
import type { LocalFile, RunContext, RunOutcome, Tool, ToolResult } from "./tool";
import { ToolError } from "./tool-error";
import { runInProcess, toolProcessEntry } from "./tool-process";

/** Runs a tool on local files and says what it used. Knows nothing of runs, credits or storage. */

export type ToolWork = {
  tool: Tool;
  /** As `parseInput` gave it back. */
  input: unknown;
  files: LocalFile[];
} & Omit<RunContext<unknown>, "input" | "files">;

/**
 * Ends with the result, with a ToolError (the run has failed; nothing to charge), with an Interruption when no model
 * has time, or with the signal's reason when cancelled with nothing delivered. A streaming tool that was cancelled resolves with what it had
 * delivered and the usage of that.
 * @param entry the module a tool process starts with.
 */
export async function executeTool(work: ToolWork, entry: string = toolProcessEntry): Promise<ToolResult> {
  const { tool, input, files } = work;
  const quote = tool.price(input, files);
  try {
    const outcome = await (tool.process === "own" ? runInOwnProcess(work, entry) : runHere(work));
    const used = quote.kind === "upTo" && outcome.usage ? tool.priceOf(outcome.usage.units) : quote;
    // Nothing a tool says may cost more than was held for it.
    const { credits, units } = used.credits < quote.credits ? used : quote;
    return { ...outcome, usage: { credits, units } };
  } catch (cause) {
    if (work.signal.aborted) throw work.signal.reason;
    if (cause instanceof Interruption) throw cause;
    if (cause instanceof ToolError && cause.code !== "crashed") throw cause;
    log().error({ err: cause, tool: tool.slug }, "a tool crashed");
    throw cause instanceof ToolError ? cause : new ToolError("crashed", String(cause));
  }
}

function runInOwnProcess(work: ToolWork, entry: string): Promise<RunOutcome> {
  const { runId, tool, input, files, outputDirectory, signal, onProgress, onText } = work;
  onProgress(0, "starting");
  const { slug, limits } = tool;
  const order = { runId, slug, input, files, outputDirectory };
  return runInProcess(
    { name: slug, order, outcome: outcomeMessage, limits, signal, onProgress, onText },
    entry,
  );
}

async function runHere(work: ToolWork): Promise<RunOutcome> {
  const { tool, signal } = work;
  signal.throwIfAborted();
  const timeUp = new AbortController();
  const tooLong = (model?: ModelUse) =>
    new ToolError("timed_out", `${tool.slug}: more than ${tool.limits.timeoutSeconds} s`, model);
  const timer = setTimeout(() => timeUp.abort(tooLong()), tool.limits.timeoutSeconds * 1000);
  let outcome: RunOutcome | undefined;
  try {
    outcome = await tool.run({ ...work, signal: AbortSignal.any([signal, timeUp.signal]) });
    // A tool that resolves on abort means the customer's cancel; when our clock stopped it, it has failed.
    if (timeUp.signal.aborted && !signal.aborted) throw tooLong();
    return outcome;
  } catch (cause) {
    throw timeUp.signal.aborted && !signal.aborted ? tooLong(outcome?.model) : cause;
  } finally {
    clearTimeout(timer);
  }
}
