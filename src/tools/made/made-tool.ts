import { defineTool, type Tool } from "#tools/define";
import type { MadeDefinition } from "./definition";
import { filesOf, inputOf } from "./form";
import { httpPrice } from "./http-price";
import { runHttp } from "./http-run";
import { promptPrice, runPrompt } from "./prompt-tool";

/** Made once for each definition that was read, for lists ask for their tools at every turn. */
const made = new WeakMap<MadeDefinition, Tool>();

/** The tool that a definition describes, as if a file of builtin/ said it. */
export function madeTool(slug: string, definition: MadeDefinition): Tool {
  const known = made.get(definition);
  if (known?.slug === slug) return known;
  const tool = toolOf(slug, definition);
  made.set(definition, tool);
  return tool;
}

function toolOf(slug: string, definition: MadeDefinition): Tool {
  const { category, icon, texts, fields, examples, minimumPlan, timeoutSeconds, keepsHistory, work } =
    definition;
  const common = {
    ...{ slug, category, icon, texts, minimumPlan, keepsHistory },
    input: inputOf(definition),
    files: filesOf(fields),
    // It waits for somebody else's server.
    process: "worker" as const,
    limits: { timeoutSeconds, memoryMb: 64 },
    examples: examples.map((example) => ({ ...example, samples: [] })),
  };
  if (work.kind === "http") {
    const price = httpPrice(work);
    return defineTool({
      ...common,
      price,
      run: (context) => runHttp(context, { slug, work, timeoutSeconds }),
    });
  }
  const { output } = work;
  const { kind } = output;
  return defineTool({
    ...common,
    ...(kind === "table" && { columns: output.columns }),
    streaming: kind === "text" || kind === "markdown",
    continues: work.continues,
    needs: kind === "image" ? "image" : "text",
    price: promptPrice(definition, work),
    run: (context) => runPrompt(context, slug, definition, work),
  });
}
