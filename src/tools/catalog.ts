import { singleton } from "#platform/singleton";
import { documentToMarkdown } from "./builtin/document-to-markdown";
import { imageConvert } from "./builtin/image-convert";
import { textRecognition } from "./builtin/text-recognition";
import { upscale } from "./builtin/upscale";
import { write } from "./builtin/write";
import type { Tool } from "./tool";

/** Every tool of the site, in the order the gallery shows them. */
const tools: readonly Tool[] = [textRecognition, documentToMarkdown, upscale, imageConvert, write];

/** Tools that are not files of ours: tests' own. */
const added = singleton<readonly Tool[]>("tools.added");

export function listTools(): readonly Tool[] {
  return [...tools, ...(added.get() ?? [])];
}

/** Adds tools to those of this process; child processes do not know them. */
export function addTools(more: readonly Tool[]): void {
  added.set([...(added.get() ?? []), ...more]);
}

export function findTool(slug: string): Tool | null {
  return listTools().find((tool) => tool.slug === slug) ?? null;
}
