import type { MadeDefinition } from "#tools/made";
import { saveText } from "#ui/save-text";

/** A made tool as a file: what one site exports, another imports. */

const format = "toolmint.tool/1";

export function downloadTool(slug: string, definition: MadeDefinition): void {
  const text = `${JSON.stringify({ format, slug, definition }, null, 2)}\n`;
  saveText(text, `${slug}.tool.json`, "application/json");
}

export type ToolFile = { slug: string; definition: unknown };

/**
 * The definition is checked by the server, as any that is sent.
 * @returns null when it is no such file
 */
export function readToolFile(text: string): ToolFile | null {
  try {
    const file: unknown = JSON.parse(text);
    if (typeof file !== "object" || file === null || !("format" in file) || file.format !== format)
      return null;
    if (!("slug" in file) || typeof file.slug !== "string" || !("definition" in file)) return null;
    return { slug: file.slug, definition: file.definition };
  } catch {
    return null;
  }
}
