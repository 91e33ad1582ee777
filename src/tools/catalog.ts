import { imageConvert } from "./builtin/image-convert";
import type { Tool } from "./tool";

/** Every tool of the site, in the order the gallery shows them. */
const tools: readonly Tool[] = [imageConvert];

export function listTools(): readonly Tool[] {
  return tools;
}

export function findTool(slug: string): Tool | null {
  return tools.find((tool) => tool.slug === slug) ?? null;
}
