import { readFile } from "node:fs/promises";
import { z } from "zod";
import {
  defineTool,
  exactly,
  fields,
  type LocalFile,
  outputName,
  ToolError,
  type ToolOutput,
} from "#tools/define";
import { docxMarkdown } from "./docx-markdown";
import { openOfficeFile } from "./office-file";
import { pdfMarkdown, readPdf } from "./pdf-markdown";
import { pptxMarkdown } from "./pptx-markdown";
import { xlsxMarkdown } from "./xlsx-markdown";

/** Turns PDF, Word, Excel and PowerPoint files into Markdown. */

const maxPages = 300;
const pdf = "application/pdf";
const office = "application/vnd.openxmlformats-officedocument";
const docx = `${office}.wordprocessingml.document`;
const xlsx = `${office}.spreadsheetml.sheet`;
const pptx = `${office}.presentationml.presentation`;

const input = z.strictObject({
  documents: z
    .array(z.string())
    .min(1)
    .max(5)
    .register(fields, { label: { en: "Documents", zh: "文档" } }),
  pageMarks: z
    .boolean()
    .default(false)
    .register(fields, {
      label: { en: "Mark where pages begin", zh: "标注每页的起始位置" },
      help: { en: "PDF only, as comments that do not show.", zh: "仅用于 PDF，以不显示的注释标注。" },
      advanced: true,
    }),
});

export const documentToMarkdown = defineTool({
  slug: "document-to-markdown",
  category: "documents",
  icon: "file-text",
  texts: {
    en: {
      name: "Turn documents into Markdown",
      summary: "PDF, Word, Excel and PowerPoint to clean Markdown with headings and tables.",
      description:
        "Makes text that people can edit and language models can read: headings, paragraphs, lists and tables. " +
        "Pictures are left out. A scanned PDF holds no text: use text recognition on its pages.",
      takes: "PDF, DOCX, XLSX, PPTX",
      gives: "Markdown",
    },
    zh: {
      name: "文档转 Markdown",
      summary: "将 PDF、Word、Excel 和 PowerPoint 转为带标题和表格的整洁 Markdown。",
      description:
        "得到便于编辑、也便于大模型阅读的文本：标题、段落、列表和表格。" +
        "不包含图片。扫描版 PDF 没有文字内容，请对页面图片使用文字识别。",
      takes: "PDF、DOCX、XLSX、PPTX",
      gives: "Markdown",
    },
  },
  input,
  files: { field: "documents", accept: [pdf, docx, xlsx, pptx], maxBytes: 25_000_000, maxCount: 5, maxPages },
  process: "own",
  limits: { timeoutSeconds: 120, memoryMb: 1024 },
  examples: [
    { title: { en: "A report (PDF)", zh: "报告（PDF）" }, input: {}, samples: ["report.pdf"] },
    { title: { en: "A report (Word)", zh: "报告（Word）" }, input: {}, samples: ["report.docx"] },
    { title: { en: "A table (Excel)", zh: "表格（Excel）" }, input: {}, samples: ["sales.xlsx"] },
  ],
  price: exactly({ pages: 1, documents: 3, minimum: 1, maximumPerFile: 12 }, (_, files) => {
    const pages = files
      .filter((file) => file.mediaType === pdf)
      // An upload whose pages could not be counted costs as a long one, and then fails to open.
      .reduce((sum, file) => sum + (file.pages ?? maxPages), 0);
    const documents = files.filter((file) => file.mediaType !== pdf).length;
    return { pages, documents, files: files.length };
  }),
  async run({ input, files, onProgress }) {
    const outputs: ToolOutput[] = [];
    let pages = 0;
    let characters = 0;
    for (const [index, file] of files.entries()) {
      const onPart = (fraction: number) => onProgress((index + fraction) / files.length, "converting");
      onPart(0);
      const document = await convert(file, input.pageMarks, onPart);
      if (!document.text.trim()) throw new ToolError("nothing_found", `${file.name} holds no text`);
      pages += document.pages;
      characters += [...document.text].length;
      const text = `${document.text.trim()}\n`;
      outputs.push({ name: outputName(file, "", "md"), mediaType: "text/markdown", text });
    }
    return { outputs, facts: pages ? { pages, characters } : { characters } };
  },
});

async function convert(
  file: LocalFile,
  pageMarks: boolean,
  onPart: (fraction: number) => void,
): Promise<{ text: string; pages: number }> {
  const bytes = new Uint8Array(await readFile(file.path));
  switch (file.mediaType) {
    case pdf: {
      const pages = await readPdf(bytes, maxPages, onPart);
      const text = pages.some((page) => page.length > 0) ? pdfMarkdown(pages, pageMarks) : "";
      return { text, pages: pages.length };
    }
    case docx:
      return { text: await docxMarkdown(openOfficeFile(bytes)), pages: 0 };
    case xlsx:
      return { text: xlsxMarkdown(openOfficeFile(bytes)), pages: 0 };
    case pptx: {
      const { text, slides } = pptxMarkdown(openOfficeFile(bytes));
      return { text, pages: slides };
    }
    default:
      throw new ToolError("file_unsupported", `${file.name}: ${file.mediaType}`);
  }
}
