import { Worker } from "node:worker_threads";
import { type OrderMessage, orderMessage, type ReportMessage } from "./runner-message";
import type { Tool } from "./tool";
import { ToolError } from "./tool-error";

/** The child's half of tool-process.ts: takes one order after the other until its parent lets go. */

const memoryReportMs = 1000;

/**
 * A parent that was killed in the middle of our computation closes a channel we do not get to read: a thread
 * of its own sees that the parent is another one, and ends the process.
 */
const watchdog = `
  const { workerData: parent } = require("node:worker_threads");
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, "SIGKILL"); }, 1000);
`;

type Serve = (order: unknown, report: (message: ReportMessage) => void) => Promise<unknown>;

/** Does every order that comes with `serve`, whose result is the outcome. @throws Error outside a child process. */
export function serveOrders(serve: Serve): void {
  if (!process.send) throw new Error("Orders come from the process that started this one.");
  // Ctrl-C or a service manager may signal the whole group. The parent drains then, and still needs us.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => undefined);
  // A parent that died, however hard, closes the channel.
  process.on("disconnect", () => process.exit(0));
  // Without the loader of our own arguments: it would wait for the very thread this one watches.
  new Worker(watchdog, { eval: true, execArgv: [], workerData: process.ppid }).unref();
  setInterval(() => report({ type: "memory", bytes: process.memoryUsage.rss() }), memoryReportMs).unref();
  process.on("message", (order) => {
    serve(order, report).then(
      (outcome) => report({ type: "done", outcome }),
      (cause: unknown) => report(endOf(cause)),
    );
  });
}

/** Serves runs of the tools that `find` finds. */
export function serveRuns(find: (slug: string) => Tool | null): void {
  serveOrders(async (order, tell) => runTool(orderMessage.parse(order), find, tell));
}

function runTool(order: OrderMessage, find: (slug: string) => Tool | null, tell: typeof report) {
  const tool = find(order.slug);
  if (!tool) throw new Error(`no tool ${order.slug}`);
  return tool.run({
    runId: order.runId,
    input: order.input,
    files: order.files,
    outputDirectory: order.outputDirectory,
    // Cancelling kills the process, so nothing in here has to listen.
    signal: new AbortController().signal,
    onProgress: (fraction, step) => tell({ type: "progress", fraction, step }),
    onText: (delta) => tell({ type: "text", delta }),
  });
}

function endOf(cause: unknown): ReportMessage {
  if (cause instanceof ToolError) return { type: "refused", code: cause.code, message: cause.message };
  return { type: "failed", message: cause instanceof Error ? (cause.stack ?? "") : String(cause) };
}

function report(message: ReportMessage): void {
  process.send?.(message);
}
