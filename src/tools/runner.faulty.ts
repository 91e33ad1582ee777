import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { newId } from "#platform/id";
import { fixed } from "./price";
import { executeTool } from "./runner";
import { serveRuns } from "./runner-serve";
import { defineTool, type RunContext, type Tool } from "./tool";
import { ToolError } from "./tool-error";

/** Tools that go wrong on purpose, and the process that serves them, for runner.test.ts. */

type Work = (context: RunContext<Record<string, unknown>>) => Promise<string>;

const works: Record<string, Work> = {
  greets: async ({ onProgress, onText }) => {
    onProgress(0.5, "writing");
    onText("hel");
    onText("lo");
    return `hello from ${process.pid}`;
  },
  // biome-ignore lint/style/noProcessEnv: what the process finds here is what the test is about
  "knows-secrets": async () => JSON.stringify(process.env),
  refuses: async () => {
    throw new ToolError("file_corrupt", "not a picture");
  },
  throws: async () => {
    throw new TypeError("undefined is not a function");
  },
  dies: async () => process.exit(3),
  "works-forever": async ({ onProgress }) => {
    onProgress(0.1, "converting");
    // Busy in one long computation: only a kill ends it.
    for (;;) Math.random();
  },
  "eats-memory": async () => {
    const eaten: Buffer[] = [];
    for (;;) {
      eaten.push(Buffer.alloc(8_000_000, 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
  "fills-the-heap": async () => {
    const eaten: number[][] = [];
    for (;;) eaten.push(Array.from({ length: 100_000 }, Math.random));
  },
};

export function faultyTool(slug: string, limits = { timeoutSeconds: 30, memoryMb: 400 }): Tool {
  const texts = { name: slug, summary: "", description: "", takes: "", gives: "" };
  return defineTool({
    slug,
    category: "text",
    icon: "bug",
    texts: { en: texts, zh: texts },
    input: z.strictObject({}),
    files: null,
    process: "own",
    limits,
    examples: [],
    price: fixed(2),
    async run(context) {
      // Says who it is before the work, so that a test can see the process go.
      await writeFile(join(context.outputDirectory, "pid"), String(process.pid));
      const text = (await works[slug]?.(context)) ?? "";
      return { outputs: [{ name: "out.txt", mediaType: "text/plain", text }] };
    },
  });
}

const [, started, outputDirectory] = process.argv;
if (started === import.meta.filename && process.send) {
  serveRuns((slug) => (slug in works ? faultyTool(slug) : null));
} else if (started === import.meta.filename && outputDirectory) {
  // As a worker that works forever, for the test that kills it.
  await executeTool(
    {
      runId: newId("run"),
      tool: faultyTool("works-forever"),
      input: {},
      files: [],
      outputDirectory,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onText: () => undefined,
    },
    started,
  );
}
