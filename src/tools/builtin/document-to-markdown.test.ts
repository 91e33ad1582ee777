import { readFileSync } from "node:fs";
import { strToU8, unzipSync, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { executeTool } from "#tools";
import { documentToMarkdown } from "./document-to-markdown";
import { pdfMarkdown } from "./pdf-markdown";
import { aFile, fixture, textOf, workOn } from "./work.fixture";

const convert = async (file: ReturnType<typeof fixture>, input = {}) =>
  executeTool(workOn(documentToMarkdown, [file], input));

it("reads headings, paragraphs and both languages of a PDF", async () => {
  const { outputs, usage, facts } = await convert({ ...fixture("report.pdf"), pages: 2 });
  expect(outputs[0]).toMatchObject({ name: "report.md", mediaType: "text/markdown" });
  expect(textOf(outputs[0])).toBe(`# Annual report

The bakery on Garden Street sold more rye bread than ever before. Its apple cake stayed the favourite of the neighbourhood, and the new oven saves a third of the energy.

## Plans for spring

A second shop opens in April.

Hire two bakers

Buy a delivery bicycle

# 年度报告

花园街面包店今年售出的黑麦面包比以往任何一年都多。苹果蛋糕依然最受街坊欢迎，新烤炉节省了三分之一的能源。

## 春季计划

第二家店将在四月开业。
`);
  expect(usage.credits).toBe(2n);
  expect(facts).toMatchObject({ pages: 2 });
});

it("marks where pages begin when asked to", async () => {
  const { outputs } = await convert({ ...fixture("report.pdf"), pages: 2 }, { pageMarks: true });
  expect(textOf(outputs[0])).toMatch(/<!-- page 1 -->.*Annual.*<!-- page 2 -->\n\n# 年度报告/s);
});

it("reads a Word document with its headings and table", async () => {
  const { outputs, usage } = await convert(fixture("report.docx"));
  expect(textOf(outputs[0])).toBe(`# Annual report

The bakery sold more rye bread than ever before.

## Plans for spring

A second shop opens in April.

# 年度报告

花园街面包店今年售出的黑麦面包比以往任何一年都多。

| Bread | 面包 | Sold |
| --- | --- | --- |
| Rye \\| dark | 黑麦 | 1840 |
| Apple cake | 苹果蛋糕 | 960 |
`);
  expect(usage.credits).toBe(3n);
});

it("reads a workbook: texts, numbers, dates, results of formulas", async () => {
  const { outputs } = await convert(fixture("sales.xlsx"));
  expect(textOf(outputs[0])).toBe(`## Sales 销售

| Bread | 面包 | Sold | Since |
| --- | --- | --- | --- |
| Rye | 黑麦 | 1840 | 2023-03-15 |
| Sum |  | 1840 |  |
`);
});

it("reads slides in their order", async () => {
  const { outputs } = await convert(fixture("slides.pptx"));
  expect(textOf(outputs[0])).toBe(`## Annual report

- More rye bread
  - thanks to the oven

## 年度报告

| Bread | 面包 |
| --- | --- |
| Rye | 黑麦 |
`);
});

describe("refuses", () => {
  const docxWith = (parts: Record<string, Uint8Array>) =>
    zipSync({ ...unzipSync(readFileSync(fixture("report.docx").path)), ...parts }, { level: 9 });

  it.each([
    [
      "a truncated PDF",
      "a.pdf",
      () => readFileSync(fixture("report.pdf").path).subarray(0, 60_000),
      "file_corrupt",
    ],
    ["a text renamed to .pdf", "a.pdf", () => "just words", "file_corrupt"],
    [
      "a truncated Word document",
      "a.docx",
      () => readFileSync(fixture("report.docx").path).subarray(0, 900),
      "file_corrupt",
    ],
    [
      "broken XML",
      "a.docx",
      () => docxWith({ "word/document.xml": strToU8("<w:document><w:body>") }),
      "file_corrupt",
    ],
    [
      "a document that unpacks to a thousand times its size",
      "a.docx",
      () => docxWith(bomb()),
      "unpacks_too_large",
    ],
    ["a workbook that does", "a.xlsx", () => zipSync(bomb(), { level: 9 }), "unpacks_too_large"],
    ["an encrypted document", "a.docx", () => Buffer.from("d0cf11e0a1b11ae1", "hex"), "file_encrypted"],
    ["a workbook without a workbook", "a.xlsx", () => docxWith({}), "file_corrupt"],
    ["an empty document", "a.pptx", () => emptySlides(), "nothing_found"],
  ])("%s", async (_, name, content, code) => {
    await expect(convert(aFile(name, content()))).rejects.toMatchObject({ name: "ToolError", code });
  });

  it("a PDF with too many pages", async () => {
    await expect(convert(aFile("long.pdf", blankPdf(301)))).rejects.toMatchObject({ code: "too_many_pages" });
  });

  it("entities that expand into each other: they stay as they are", async () => {
    const entities = Array.from({ length: 30 }, (_, i) => `<!ENTITY e${i + 1} "&e${i};&e${i};">`).join("");
    const xml = `<!DOCTYPE w [<!ENTITY e0 "ha">${entities}]><w:document xmlns:w="w"><w:body>&e30;</w:body></w:document>`;
    const file = aFile("laughs.docx", docxWith({ "word/document.xml": strToU8(xml) }));
    await expect(convert(file)).rejects.toMatchObject({
      code: expect.stringMatching(/file_corrupt|nothing_found/),
    });
  });
});

/** Packs to some kilobytes, unpacks to 42 MB. */
function bomb(): Record<string, Uint8Array> {
  const zeros = new Uint8Array(14_000_000);
  return Object.fromEntries(Array.from({ length: 3 }, (_, i) => [`word/part${i}.xml`, zeros]));
}

function emptySlides(): Uint8Array {
  const presentation = "<p:presentation xmlns:p='p'><p:sldIdLst/></p:presentation>";
  return zipSync({ "ppt/presentation.xml": strToU8(presentation) });
}

function blankPdf(pages: number): string {
  const kids = Array.from({ length: pages }, (_, i) => `${i + 3} 0 R`).join(" ");
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    `<</Type/Pages/Kids[${kids}]/Count ${pages}>>`,
    ...Array.from({ length: pages }, () => "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"),
  ];
  const body = objects.map((object, i) => `${i + 1} 0 obj${object}endobj`).join("\n");
  return `%PDF-1.4\n${body}\ntrailer<</Root 1 0 R/Size ${objects.length + 1}>>`;
}

describe("the layout of a PDF", () => {
  const line = (text: string, baseline: number, size = 10) => ({ text, baseline, size, left: 0, right: 100 });

  it("joins lines, mends hyphens, and keeps Chinese together", () => {
    const page = [
      line("A long sen-", 100),
      line("tence goes on", 88),
      line("and on.", 76),
      line("中文一", 40),
      line("段。", 28),
    ];
    expect(pdfMarkdown([page], false)).toBe("A long sentence goes on and on.\n\n中文一段。");
  });

  it("ends a paragraph where a line ends early", () => {
    const page = [line("Bread", 100), { ...line("Cake", 88), right: 20 }, line("Tea", 76)];
    expect(pdfMarkdown([page], false)).toBe("Bread Cake\n\nTea");
  });

  it("makes bullets a list and escapes what would be markup", () => {
    const page = [
      line("• one * two", 100),
      line("goes on", 88),
      line("• three", 76),
      line("# not a heading", 40),
    ];
    expect(pdfMarkdown([page], false)).toBe("- one \\* two goes on\n- three\n\n\\# not a heading");
  });
});
