import type { Element } from "@xmldom/xmldom";
import { escapeMarkdown, markdownTable } from "./markdown";
import {
  children,
  elements,
  type OfficeFile,
  readPart,
  relationId,
  relationsOf,
  requirePart,
} from "./office-file";

/** Slides as Markdown: the title a heading, text a list by its levels, tables as tables. */

const presentationPart = "ppt/presentation.xml";

/** @throws ToolError file_corrupt. */
export function pptxMarkdown(file: OfficeFile): { text: string; slides: number } {
  const relations = relationsOf(file, presentationPart);
  const slides = elements(requirePart(file, presentationPart), "sldId").flatMap((id) => {
    const slide = readPart(file, relations.get(relationId(id)) ?? "");
    const [tree] = elements(slide, "spTree");
    return tree ? [slideMarkdown(tree)] : [];
  });
  return { text: slides.filter(Boolean).join("\n\n"), slides: slides.length };
}

function slideMarkdown(tree: Element): string {
  const titles: string[] = [];
  const blocks: string[] = [];
  walk(tree, (element) => {
    if (element.localName === "tbl") {
      const rows = elements(element, "tr").map((row) => elements(row, "tc").map(cellText));
      blocks.push(markdownTable(rows));
      return true;
    }
    if (element.localName !== "sp") return false;
    const paragraphs = elements(element, "p").filter((paragraph) => textOf(paragraph).trim());
    const kind = elements(element, "ph")[0]?.getAttribute("type") ?? "";
    if (kind === "title" || kind === "ctrTitle") titles.push(paragraphs.map(textOf).join(" "));
    else if (paragraphs.length) blocks.push(paragraphs.map(listItem).join("\n"));
    return true;
  });
  const heading = titles.filter(Boolean).map((title) => `## ${escapeMarkdown(title)}`);
  return [...heading, ...blocks].join("\n\n");
}

/** Visits elements in order, going into those that `visit` has not taken. */
function walk(parent: Element, visit: (element: Element) => boolean): void {
  for (const child of children(parent)) {
    if (!visit(child)) walk(child, visit);
  }
}

function listItem(paragraph: Element): string {
  const level = Number(elements(paragraph, "pPr")[0]?.getAttribute("lvl") ?? 0);
  return `${"  ".repeat(level)}- ${escapeMarkdown(textOf(paragraph).trim())}`;
}

function cellText(cell: Element): string {
  return elements(cell, "p").map(textOf).join("\n");
}

function textOf(paragraph: Element): string {
  return elements(paragraph, "t")
    .map((text) => text.textContent ?? "")
    .join("");
}
