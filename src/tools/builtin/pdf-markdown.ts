import { ToolError } from "#tools/define";
import { joinLines } from "./lines";
import { escapeMarkdown } from "./markdown";

/**
 * The text of a PDF as Markdown. A PDF knows only where each letter stands and how tall it is: what is
 * larger than most text is a heading, what stands further apart than lines do is the next paragraph.
 */

/** A line of text; sizes and places in points, the origin at the foot of the page. */
export type PdfLine = { text: string; size: number; baseline: number; left: number; right: number };
export type PdfPage = PdfLine[];

type Item = { str: string; width: number; transform: number[]; hasEOL: boolean };

/**
 * Reads the lines of every page.
 * @throws ToolError file_encrypted, file_corrupt, too_many_pages.
 */
export async function readPdf(
  bytes: Uint8Array,
  maxPages: number,
  onPage: (fraction: number) => void,
): Promise<PdfPage[]> {
  const { getDocumentProxy } = await import("unpdf");
  const pdf = await getDocumentProxy(bytes, { isEvalSupported: false, verbosity: 0 }).catch(refuse);
  if (pdf.numPages > maxPages) throw new ToolError("too_many_pages", `${pdf.numPages} pages`);
  const pages: PdfPage[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number).catch(refuse);
    const { items } = await page.getTextContent().catch(refuse);
    pages.push(linesOf(items.filter((item) => "str" in item)));
    page.cleanup();
    onPage(number / pdf.numPages);
  }
  return pages;
}

function refuse(cause: unknown): never {
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  throw new ToolError(name === "PasswordException" ? "file_encrypted" : "file_corrupt", message);
}

function linesOf(items: readonly Item[]): PdfLine[] {
  const lines: PdfLine[] = [];
  let line: PdfLine | null = null;
  for (const { str, width, transform } of items) {
    const [a = 0, b = 0, , , left = 0, baseline = 0] = transform;
    const size = Math.hypot(a, b);
    if (!str.trim()) continue;
    if (line && Math.abs(baseline - line.baseline) < size / 2) {
      const gap = left - line.right > size * 0.2 && !/\s$/.test(line.text) && !/^\s/.test(str);
      line.text += gap ? ` ${str}` : str;
      line.size = Math.max(line.size, size);
      line.right = left + width;
    } else {
      line = { text: str, size, baseline, left, right: left + width };
      lines.push(line);
    }
  }
  return lines.map((found) => ({ ...found, text: plainCharacters(found.text.trim()) }));
}

/**
 * Fonts draw 面 and the radical ⾯ with one glyph, and many PDFs name the radical when asked for the letter:
 * copied or searched, the text would not be what it looks like.
 */
const radicals = new Map(
  Array.from(
    "⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻳龟".matchAll(
      /(.)(.)/gu,
    ),
  ).map(([, radical = "", character = ""]) => [radical, character]),
);

function plainCharacters(text: string): string {
  return text.replace(/[\u2e80-\u2fdf]/g, (radical) => radicals.get(radical) ?? radical.normalize("NFKC"));
}

type Block = { kind: "heading" | "paragraph" | "item"; level: number; text: string };

/** The pages as one text. @param pageMarks notes where each page begins, as an HTML comment. */
export function pdfMarkdown(pages: readonly PdfPage[], pageMarks: boolean): string {
  const body = bodySize(pages.flat());
  const levels = headingSizes(pages.flat(), body);
  const usualGap = lineGap(pages, body);
  const texts = pages.map((page, index) => {
    const blocks = blocksOf(page, levels, usualGap).map(write).join("\n\n");
    return pageMarks ? `<!-- page ${index + 1} -->\n\n${blocks}` : blocks;
  });
  // Items of one list stand together.
  return texts
    .filter(Boolean)
    .join("\n\n")
    .replace(/^(- .*)\n\n(?=- )/gm, "$1\n");
}

function write({ kind, level, text }: Block): string {
  if (kind === "heading") return `${"#".repeat(level)} ${escapeMarkdown(text)}`;
  return kind === "item" ? `- ${escapeMarkdown(text)}` : escapeMarkdown(text);
}

const bullet = /^[•●▪■◦‣·∙–]\s*/;
/** A long line in large type is a quotation or a poster, not a heading. */
const longestHeading = 160;
/** The share of a page's longest line that makes a line a full one. */
const fullLine = 0.65;

function blocksOf(page: PdfPage, levels: readonly number[], usualGap: number): Block[] {
  const blocks: Block[] = [];
  const width = Math.max(...page.map(({ left, right }) => right - left));
  let above: PdfLine | null = null;
  for (const line of page) {
    const level = line.text.length <= longestHeading ? levels.indexOf(rounded(line.size)) + 1 : 0;
    const last = blocks.at(-1);
    const gap = above ? above.baseline - line.baseline : Number.POSITIVE_INFINITY;
    // A heading's lines stand further apart, in proportion to their size.
    const near = gap > 0 && gap < Math.max(usualGap * 1.25, level ? line.size * 1.6 : 0);
    // A line that ends early ended its paragraph, or was an item of a list whose bullets are drawn.
    const isFull = above !== null && above.right - above.left > width * fullLine;
    if (bullet.test(line.text)) {
      blocks.push({ kind: "item", level: 0, text: line.text.replace(bullet, "") });
    } else if (last && near && last.level === level && (isFull || level)) {
      last.text = joinLines(last.text, line.text);
    } else {
      blocks.push({ kind: level ? "heading" : "paragraph", level, text: line.text });
    }
    above = line;
  }
  return blocks;
}

const rounded = (size: number) => Math.round(size * 2) / 2;

/** The size most letters have. */
function bodySize(lines: readonly PdfLine[]): number {
  const letters = new Map<number, number>();
  for (const { size, text } of lines) {
    letters.set(rounded(size), (letters.get(rounded(size)) ?? 0) + text.length);
  }
  return [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** Sizes clearly above the body's, largest first: the levels of headings. */
function headingSizes(lines: readonly PdfLine[], body: number): number[] {
  const larger = new Set(lines.map(({ size }) => rounded(size)).filter((size) => size >= body * 1.15));
  return [...larger].sort((a, b) => b - a).slice(0, 5);
}

/** The usual distance between two lines of the body. */
function lineGap(pages: readonly PdfPage[], body: number): number {
  const gaps = pages.flatMap((page) =>
    page.flatMap((line, index) => {
      const above = page[index - 1];
      const gap = above ? above.baseline - line.baseline : 0;
      const isBody = rounded(line.size) === body && above && rounded(above.size) === body;
      return isBody && gap > body * 0.8 && gap < body * 2.5 ? [gap] : [];
    }),
  );
  // The smaller quarter, since the larger ones are between paragraphs.
  return gaps.sort((a, b) => a - b)[gaps.length >> 2] ?? body * 1.5;
}
