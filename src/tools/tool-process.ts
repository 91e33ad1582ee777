import { type ChildProcess, fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import { Socket } from "node:net";
import { setPriority } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import { reportMessage } from "./runner-message";
import type { OwnStep, ToolStep } from "./tool";
import { ToolError } from "./tool-error";

/**
 * A child process that works on strangers' files, for a tool or to measure an upload: whatever a file does to
 * a decoder, it does it there. Killed, never asked, on cancel, time-out and memory over the limit. One that
 * ended well waits a minute for the next order of its kind, because loading a model takes longer than using it.
 */

const memoryCheckMs = 150;
const idleMs = 60_000;
/** Memory that waits for work: not more than this many processes of an entry, none grown past half its limit. */
const maxIdle = 2;
const stderrKept = 4000;

const here = dirname(fileURLToPath(import.meta.url));
export const toolProcessEntry = join(here, "runner-child.ts");
const runner = join(here, "../../run.mjs");

export type ProcessLimits = { timeoutSeconds: number; memoryMb: number };

export type ProcessRun<Outcome> = {
  /** Processes are kept for orders of the same name. */
  name: string;
  /** What the entry's `serveOrders` gets. */
  order: object;
  /** What it gives back. */
  outcome: z.ZodType<Outcome>;
  limits: ProcessLimits;
  signal: AbortSignal;
  onProgress(fraction: number, step: ToolStep | OwnStep): void;
  onText(delta: string): void;
};

type ToolProcess = {
  child: ChildProcess;
  entry: string;
  name: string;
  stderr: string;
  idleTimer: NodeJS.Timeout | null;
};

const idle: ToolProcess[] = [];

/**
 * Runs an order in a process of its own.
 * @param entry the module the process starts with.
 * @throws ToolError timed_out, out_of_memory, crashed or the tool's own; the signal's reason when cancelled.
 */
export async function runInProcess<Outcome>(run: ProcessRun<Outcome>, entry: string): Promise<Outcome> {
  run.signal.throwIfAborted();
  const process = takeIdle(entry, run.name) ?? start(entry, run.name, run.limits.memoryMb);
  const ending = await supervise(process, run).catch((cause: unknown) => {
    process.child.kill("SIGKILL");
    throw cause;
  });
  await keep(process, run.limits.memoryMb);
  if (ending instanceof ToolError) throw ending;
  return ending;
}

function start(entry: string, name: string, memoryMb: number): ToolProcess {
  const child = fork(/* turbopackIgnore: true */ runner, [entry], {
    execArgv: [`--max-old-space-size=${memoryMb}`],
    // Not our environment: a tool that a file has taken over finds no secret in it.
    env: { NODE_ENV: "production" },
    // A group of its own, so that Ctrl-C in a terminal lets a run in flight finish.
    detached: true,
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const process: ToolProcess = { child, entry, name, stderr: "", idleTimer: null };
  child.stderr?.on("data", (chunk: Buffer) => {
    process.stderr = (process.stderr + chunk.toString()).slice(-stderrKept);
  });
  // Without a listener an error event (a process that cannot start) would end the worker; `supervise` adds its own.
  child.on("error", () => undefined);
  child.once("exit", () => dismiss(process));
  if (child.pid) lowerPriority(child.pid);
  return process;
}

/** Pages and API answer first. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, 10);
  } catch {
    // Gone already, or the system does not let us: the run is as right without.
  }
}

/**
 * Sees a run to its end: the outcome, or the no that the tool itself said (its process may go on).
 * @throws ToolError timed_out, out_of_memory, crashed; the signal's reason. The process is of no more use.
 */
function supervise<Outcome>(process: ToolProcess, run: ProcessRun<Outcome>): Promise<Outcome | ToolError> {
  const { child, name } = process;
  const { timeoutSeconds, memoryMb } = run.limits;
  return new Promise<Outcome | ToolError>((resolve, reject) => {
    const endings = new AbortController();
    const end = (settle: () => void) => {
      endings.abort();
      clearTimeout(timeout);
      clearInterval(memory);
      child.off("message", onMessage).off("exit", onExit).off("error", onError);
      settle();
    };
    const fail = (cause: unknown) => end(() => reject(cause));
    const checkMemory = (bytes: number | null) => {
      if (bytes !== null && bytes > memoryMb * 1_048_576) {
        fail(new ToolError("out_of_memory", `${name}: ${Math.round(bytes / 1_048_576)} MB resident`));
      }
    };
    const finish = (raw: unknown) => {
      const { data: outcome, error } = run.outcome.safeParse(raw);
      if (error) fail(new ToolError("crashed", `${name}: its process gave back something else than asked`));
      else end(() => resolve(outcome));
    };
    const onMessage = (raw: unknown) => {
      const { data: message, error } = reportMessage.safeParse(raw);
      if (error) fail(new ToolError("crashed", `${name}: its process sent something else than a report`));
      else if (message.type === "progress") run.onProgress(message.fraction, message.step);
      else if (message.type === "text") run.onText(message.delta);
      else if (message.type === "memory") checkMemory(message.bytes);
      else if (message.type === "done") finish(message.outcome);
      else if (message.type === "refused") end(() => resolve(new ToolError(message.code, message.message)));
      else fail(new ToolError("crashed", message.message));
    };
    const onExit = (code: number | null, signal: string | null) => {
      // V8 says so itself when its heap is full, and aborts.
      const full = /heap out of memory|Array buffer allocation failed/.test(process.stderr);
      const why = `${name}: process ended with ${signal ?? code}. ${process.stderr}`;
      fail(new ToolError(full ? "out_of_memory" : "crashed", why));
    };
    const onError = (cause: Error) => fail(new ToolError("crashed", `${name}: ${cause.message}`));
    const timeout = setTimeout(
      () => fail(new ToolError("timed_out", `${name}: more than ${timeoutSeconds} s`)),
      timeoutSeconds * 1000,
    );
    const memory = setInterval(() => void residentBytes(child.pid).then(checkMemory), memoryCheckMs);
    run.signal.addEventListener("abort", () => fail(run.signal.reason), { signal: endings.signal });
    child.on("message", onMessage).on("exit", onExit).on("error", onError);
    child.send(run.order, (cause) => cause && onError(cause));
  });
}

/** What the system says the process holds; null where there is no /proc, or no such process any more. */
async function residentBytes(pid: number | undefined): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(status) ?? [];
  return kilobytes ? Number(kilobytes) * 1024 : null;
}

async function keep(process: ToolProcess, memoryMb: number): Promise<void> {
  const { child } = process;
  const bytes = await residentBytes(child.pid);
  if (!child.connected || (bytes ?? 0) > memoryMb * 524_288) {
    child.kill("SIGKILL");
    return;
  }
  process.idleTimer = setTimeout(() => dismiss(process), idleMs);
  process.idleTimer.unref();
  // A waiting process keeps nobody from stopping; it leaves when the worker's channel closes.
  holdLoop(process, false);
  idle.push(process);
  const [oldest, ...others] = idle.filter(({ entry }) => entry === process.entry);
  if (oldest && others.length >= maxIdle) dismiss(oldest);
}

function dismiss(process: ToolProcess): void {
  const index = idle.indexOf(process);
  if (index < 0) return;
  idle.splice(index, 1);
  if (process.idleTimer) clearTimeout(process.idleTimer);
  process.child.kill("SIGKILL");
}

function takeIdle(entry: string, name: string): ToolProcess | null {
  const process = idle.find((candidate) => candidate.entry === entry && candidate.name === name);
  if (!process?.child.connected) return null;
  idle.splice(idle.indexOf(process), 1);
  if (process.idleTimer) clearTimeout(process.idleTimer);
  holdLoop(process, true);
  return process;
}

/** Whether the process keeps the worker's event loop, and so the worker, alive. */
function holdLoop({ child }: ToolProcess, held: boolean): void {
  const holders = [child, child.channel, child.stderr instanceof Socket ? child.stderr : null];
  for (const holder of holders) {
    if (held) holder?.ref();
    else holder?.unref();
  }
}
