import { zipSync } from "fflate";
import { ToolError } from "#tools/define";
import { markdownTable } from "./markdown";
import type { OfficeFile } from "./office-file";

/** A Word document as Markdown: mammoth reads its styles into HTML, turndown writes that down. */
export async function docxMarkdown(file: OfficeFile): Promise<string> {
  const [{ default: mammoth }, { default: TurndownService }] = await Promise.all([
    import("mammoth"),
    import("turndown"),
  ]);
  // Packed again from what was unpacked within bounds: mammoth's own ZIP reader has none.
  const buffer = Buffer.from(zipSync(file.parts, { level: 0 }));
  const convertImage = mammoth.images.imgElement(async () => ({ src: "" }));
  const { value: html } = await mammoth
    .convertToHtml({ buffer }, { convertImage })
    .catch((cause: unknown) => {
      throw new ToolError("file_corrupt", String(cause));
    });
  const turndown = new TurndownService({
    headingStyle: "atx",
    bulletListMarker: "-",
    codeBlockStyle: "fenced",
  });
  turndown.remove("img");
  turndown.addRule("table", {
    filter: "table",
    replacement: (_, table) => {
      // The rows of a table within this one belong to its cell.
      const rows = Array.from(table.querySelectorAll("tr"))
        .filter((row) => row.closest("table") === table)
        .map((row) => Array.from(row.children).map((cell) => turndown.turndown(cell.innerHTML)));
      return `\n\n${markdownTable(rows)}\n\n`;
    },
  });
  return turndown.turndown(html).replace(/^(\s*)(-|\d+\.)\s+/gm, "$1$2 ");
}
