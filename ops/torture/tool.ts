import { isMainThread } from "node:worker_threads";
import { z } from "zod";
import { addTools } from "#tools";
import { atMost, defineTool, fields, ToolError } from "#tools/define";

/** A tool for runs in the storm, loaded before the server (`--import`): it waits, and delivers or fails. */

// Whoever started the server is gone, killed perhaps: it would serve for ever.
const leave = () => process.exit(1);
if (isMainThread) {
  process.on("disconnect", leave);
  if (!process.connected) leave();
}

const texts = { name: "Torture", summary: "-", description: "-", takes: "-", gives: "-" };
const label = { en: "-", zh: "-" };
const number = (most: number) => z.number().int().min(0).max(most).register(fields, { label });

addTools([
  defineTool({
    ...{ slug: "torture", category: "text", icon: "flask-conical", texts: { en: texts, zh: texts } },
    ...{ files: null, process: "worker", limits: { timeoutSeconds: 60, memoryMb: 64 }, examples: [] },
    input: z.strictObject({ price: number(100), use: number(100), ms: number(60_000), fail: number(1) }),
    price: atMost({ run: 1 }, ({ price }) => ({ run: price })),
    async run({ input: { use, ms, fail }, signal }) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          resolve();
        });
      });
      if (fail > 0) throw new ToolError("nothing_found", "There is nothing in it.");
      return { outputs: [], usage: { units: { run: use } } };
    },
  }),
]);
