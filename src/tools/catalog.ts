import { singleton } from "#platform/singleton";
import { documentToMarkdown } from "./builtin/document-to-markdown";
import { imageConvert } from "./builtin/image-convert";
import { textRecognition } from "./builtin/text-recognition";
import { upscale } from "./builtin/upscale";
import { write } from "./builtin/write";
import type { Tool } from "./tool";

/** The tools as their files say, before what the operator has made of them (published.ts). */

const tools: readonly Tool[] = [textRecognition, documentToMarkdown, upscale, imageConvert, write];

/** Tools that are not files of ours: tests' own. */
const added = singleton<readonly Tool[]>("tools.added");

/** In the order that the gallery shows until the operator moves them. */
export function codeTools(): readonly Tool[] {
  return [...tools, ...(added.get() ?? [])];
}

/** Adds tools to those of this process; child processes do not know them. */
export function addTools(more: readonly Tool[]): void {
  added.set([...(added.get() ?? []), ...more]);
}

export function codeTool(slug: string): Tool | null {
  return codeTools().find((tool) => tool.slug === slug) ?? null;
}
