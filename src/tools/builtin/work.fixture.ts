import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { afterAll, vi } from "vitest";
import { newId } from "#platform/id";
import { type LocalFile, parseInput, type Tool, type ToolOutput, type ToolWork } from "#tools";

/** Gives the tests of tools real files to work on and a folder for the results. */

const mediaTypes: Record<string, string> = {
  png: "image/png",
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
};

// Tools load models and start processes: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 90_000 });

const folder = mkdtempSync(join(tmpdir(), "toolmint-tools-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file of e2e/fixtures. */
export function fixture(name: string): LocalFile {
  return localFile(resolve("e2e/fixtures", name));
}

/** A file with this content. */
export function aFile(name: string, content: Uint8Array | string): LocalFile {
  const path = join(mkdtempSync(join(folder, "in-")), name);
  writeFileSync(path, content);
  return localFile(path);
}

function localFile(path: string): LocalFile {
  const name = basename(path);
  const mediaType = mediaTypes[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
  return { id: `upl_${name}`, name, mediaType, bytes: statSync(path).size, path };
}

/** Work for `executeTool`, with the input checked and completed as the API does it. */
export function workOn(
  tool: Tool,
  files: LocalFile[],
  input: Record<string, unknown> = {},
  signal = new AbortController().signal,
): ToolWork & { said: { steps: string[]; text: string } } {
  const said = { steps: [] as string[], text: "" };
  const listed = tool.files ? { [tool.files.field]: files.map((file) => file.id) } : {};
  return {
    runId: newId("run"),
    tool,
    input: parseInput(tool, { ...input, ...listed }),
    files,
    outputDirectory: mkdtempSync(join(folder, "out-")),
    signal,
    onProgress: (_, step) => said.steps.push(typeof step === "string" ? step : step.text),
    onText: (delta) => {
      said.text += delta;
    },
    said,
  };
}

/** The text of a result's output. @throws Error when it is a file. */
export function textOf(output: ToolOutput | undefined): string {
  if (!output || !("text" in output)) throw new Error("no text");
  return output.text;
}

/** The file of a result's output. @throws Error when it is text. */
export function pathOf(output: ToolOutput | undefined): string {
  if (!output || !("path" in output)) throw new Error("no file");
  return output.path;
}
