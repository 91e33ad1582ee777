import type { Document, Element } from "@xmldom/xmldom";
import { ToolError } from "#tools/define";
import { markdownTable } from "./markdown";
import { elements, type OfficeFile, readPart, relationId, relationsOf, requirePart } from "./office-file";

/** A workbook as Markdown: a heading and a table for each sheet, values as last calculated. */

const workbookPart = "xl/workbook.xml";
/** A table nobody can read any more, and a guard for what is built in memory. */
const maxCells = 100_000;
const maxColumns = 256;

type Book = {
  strings: string[];
  /** Whether each cell style shows a date. */
  dateStyles: boolean[];
  /** Day 0 of the workbook's serial dates, in ms. */
  epochMs: number;
};

/** @throws ToolError file_corrupt, too_large. */
export function xlsxMarkdown(file: OfficeFile): string {
  const workbook = requirePart(file, workbookPart);
  const relations = relationsOf(file, workbookPart);
  const book: Book = {
    strings: elements(readPart(file, "xl/sharedStrings.xml"), "si").map(textOf),
    dateStyles: dateStylesOf(readPart(file, "xl/styles.xml")),
    epochMs: epochOf(workbook),
  };
  let cells = 0;
  const sheets = elements(workbook, "sheet").flatMap((sheet) => {
    const part = readPart(file, relations.get(relationId(sheet)) ?? "");
    const rows = rowsOf(part, book);
    cells += rows.reduce((sum, row) => sum + row.length, 0);
    if (cells > maxCells) throw new ToolError("too_large", `more than ${maxCells} cells`);
    return rows.length ? [`## ${sheet.getAttribute("name")}\n\n${markdownTable(rows)}`] : [];
  });
  return sheets.join("\n\n");
}

function rowsOf(sheet: Document | null, book: Book): string[][] {
  return elements(sheet, "row").flatMap((row) => {
    const values: string[] = [];
    for (const cell of elements(row, "c")) {
      const column = columnOf(cell.getAttribute("r")) ?? values.length;
      const value = shownValue(cell, book);
      if (!value || column >= maxColumns) continue;
      while (values.length < column) values.push("");
      values[column] = value;
    }
    return values.length ? [values] : [];
  });
}

/** The place of "C12": 2. */
function columnOf(reference: string | null): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? "")?.[0];
  if (!letters) return null;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function shownValue(cell: Element, book: Book): string {
  const raw = elements(cell, "v")[0]?.textContent ?? "";
  switch (cell.getAttribute("t")) {
    case "s":
      return book.strings[Number(raw)] ?? "";
    case "inlineStr":
      return textOf(cell);
    case "b":
      return raw === "1" ? "TRUE" : "FALSE";
    case "str":
    case "e":
    case "d":
      return raw;
    default:
      return book.dateStyles[Number(cell.getAttribute("s") ?? -1)] && raw
        ? dateOf(Number(raw), book.epochMs)
        : raw;
  }
}

/** Runs of rich text together; a phonetic guide (rPh) repeats what it stands above. */
function textOf(element: Element): string {
  return elements(element, "t")
    .filter((text) => text.parentNode?.nodeName.endsWith("rPh") !== true)
    .map((text) => text.textContent ?? "")
    .join("");
}

function dateOf(serial: number, epochMs: number): string {
  const iso = new Date(epochMs + Math.round(serial * 86_400) * 1000).toISOString();
  return Number.isInteger(serial) ? iso.slice(0, 10) : iso.slice(0, 16).replace("T", " ");
}

function epochOf(workbook: Document): number {
  const from1904 = elements(workbook, "workbookPr")[0]?.getAttribute("date1904");
  // Excel counts a 29 February 1900 that never was; day 0 is a day earlier to make up for it.
  return from1904 === "1" || from1904 === "true" ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
}

function dateStylesOf(styles: Document | null): boolean[] {
  const custom = new Map(
    elements(styles, "numFmt").map((format) => [
      Number(format.getAttribute("numFmtId")),
      format.getAttribute("formatCode") ?? "",
    ]),
  );
  const isDate = (id: number) => {
    const code = custom.get(id);
    // Quoted words and [colours] aside, day, month or year make a date.
    if (code !== undefined) return /[dmy]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\./g, ""));
    return (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
  };
  const [formats] = elements(styles, "cellXfs");
  return elements(formats ?? null, "xf").map((format) => isDate(Number(format.getAttribute("numFmtId"))));
}
