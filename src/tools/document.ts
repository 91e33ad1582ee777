import { readFile } from "node:fs/promises";
import { documentToMarkdown } from "./builtin/document-to-markdown";
import { parseInput } from "./input";
import { executeTool } from "./runner";
import type { LocalFile, RunContext } from "./tool";
import { ToolError } from "./tool-error";

export type DocumentWork = { file: LocalFile } & Pick<
  RunContext<unknown>,
  "runId" | "outputDirectory" | "signal" | "onProgress"
>;

/**
 * The text of a document, read by the tool that turns documents into Markdown, in a process of its own.
 * @throws ToolError
 */
export async function readDocument({ file, ...work }: DocumentWork): Promise<string> {
  if (file.mediaType === "text/plain") return readFile(file.path, "utf8");
  const tool = documentToMarkdown;
  const { runId, outputDirectory, signal, onProgress } = work;
  const { outputs } = await executeTool({
    ...{ tool, input: parseInput(tool, { documents: [file.id] }), files: [file] },
    ...{ runId, outputDirectory, signal, onProgress, onText: () => undefined },
  });
  const [output] = outputs;
  if (!output) throw new ToolError("nothing_found", `${file.name} holds no text.`);
  return "text" in output ? output.text : readFile(output.path, "utf8");
}
