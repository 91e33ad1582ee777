import { Worker } from "node:worker_threads";
import { type OrderMessage, orderMessage, type ReportMessage } from "./runner-message";
import type { Tool } from "./tool";
import { ToolError } from "./tool-error";

/** The tool process's half of the runner: takes one order after the other until its worker lets go. */

const memoryReportMs = 1000;

/**
 * A worker that was killed in the middle of our computation closes a channel we do not get to read: a thread
 * of its own sees that the parent is another one, and ends the process.
 */
const watchdog = `
  const { workerData: parent } = require("node:worker_threads");
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, "SIGKILL"); }, 1000);
`;

/** Serves runs of the tools that `find` finds. @throws Error outside a child process. */
export function serveRuns(find: (slug: string) => Tool | null): void {
  if (!process.send) throw new Error("A tool process is started by the runner.");
  // Ctrl-C or a service manager may signal the whole group. The worker drains then, and still needs us.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => undefined);
  // A worker that died, however hard, closes the channel.
  process.on("disconnect", () => process.exit(0));
  // Without the loader of our own arguments: it would wait for the very thread this one watches.
  new Worker(watchdog, { eval: true, execArgv: [], workerData: process.ppid }).unref();
  setInterval(() => report({ type: "memory", bytes: process.memoryUsage.rss() }), memoryReportMs).unref();
  process.on("message", (message) => {
    void serve(orderMessage.parse(message), find);
  });
}

async function serve(order: OrderMessage, find: (slug: string) => Tool | null): Promise<void> {
  try {
    const tool = find(order.slug);
    if (!tool) throw new Error(`no tool ${order.slug}`);
    const outcome = await tool.run({
      input: order.input,
      files: order.files,
      outputDirectory: order.outputDirectory,
      // Cancelling kills the process, so nothing in here has to listen.
      signal: new AbortController().signal,
      onProgress: (fraction, step) => report({ type: "progress", fraction, step }),
      onText: (delta) => report({ type: "text", delta }),
    });
    report({ type: "done", outcome });
  } catch (cause) {
    if (cause instanceof ToolError) report({ type: "refused", code: cause.code, message: cause.message });
    else report({ type: "failed", message: cause instanceof Error ? (cause.stack ?? "") : String(cause) });
  }
}

function report(message: ReportMessage): void {
  process.send?.(message);
}
