/**
 * The few marks of Markdown that an announcement has: paragraphs, lists, **bold**, *italic* and [links](https://…).
 * Text becomes a tree of plain strings, never HTML, so nothing in it can be more than text. Pure; for server and
 * browser.
 */

export type Inline = { text: string; bold?: true; italic?: true; href?: string };
export type Block = { kind: "paragraph"; lines: Inline[][] } | { kind: "list"; items: Inline[][] };

/** Parses a text; what is no mark stays as it is. */
export function parseMarkdown(text: string): Block[] {
  return text
    .replaceAll("\r\n", "\n")
    .split(/\n{2,}/)
    .flatMap((part): Block[] => {
      const lines = part.split("\n").filter((line) => line.trim() !== "");
      if (lines.length === 0) return [];
      if (lines.every((line) => listMark.test(line))) {
        return [{ kind: "list", items: lines.map((line) => inlinesOf(line.replace(listMark, ""))) }];
      }
      return [{ kind: "paragraph", lines: lines.map(inlinesOf) }];
    });
}

/** The text without its marks; links keep their address. @param baseUrl of the site, for links within it */
export function plainText(text: string, baseUrl = ""): string {
  const plainLine = (line: readonly Inline[]) => line.map((part) => plainPart(part, baseUrl)).join("");
  return parseMarkdown(text)
    .map((block) =>
      block.kind === "list"
        ? block.items.map((item) => `- ${plainLine(item)}`).join("\n")
        : block.lines.map(plainLine).join("\n"),
    )
    .join("\n\n");
}

function plainPart({ text, href }: Inline, baseUrl: string): string {
  if (!href || href === text) return text;
  return `${text} (${href.startsWith("/") ? baseUrl : ""}${href})`;
}

const listMark = /^\s*[-*]\s+/;
const marks = /\*\*([^*\n]+)\*\*|\*([^*\n]+)\*|\[([^\]\n]+)\]\(([^()\s]+)\)/g;

function inlinesOf(line: string): Inline[] {
  const found: Inline[] = [];
  let from = 0;
  for (const match of line.matchAll(marks)) {
    const [all, bold, italic, label, href] = match;
    if (match.index > from) found.push({ text: line.slice(from, match.index) });
    if (bold !== undefined) found.push({ text: bold, bold: true });
    else if (italic !== undefined) found.push({ text: italic, italic: true });
    else if (label !== undefined && href !== undefined && isSafe(href)) found.push({ text: label, href });
    else found.push({ text: all });
    from = match.index + all.length;
  }
  if (from < line.length) found.push({ text: line.slice(from) });
  return found;
}

/** A page of this site, another over TLS, or a mail address. */
function isSafe(href: string): boolean {
  return /^(https:\/\/[^\s"'<>\\]+|mailto:[^\s"'<>\\]+|\/(?![/\\])[^\s"'<>\\]*)$/.test(href);
}
