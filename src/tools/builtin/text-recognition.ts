import { copyFile, mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import sharp from "sharp";
import type { Worker } from "tesseract.js";
import { z } from "zod";
import {
  decoding,
  defineTool,
  exactly,
  fields,
  type LocalFile,
  openImage,
  outputName,
  ToolError,
} from "#tools/define";
import { closeCjkGaps, joinLines } from "./lines";

/**
 * Reads the text in images with Tesseract (tesseract.js, WebAssembly). The models of both languages come
 * inside npm packages, so nothing is fetched at run time.
 */

const maxPixels = 40_000_000;
/** More than this adds seconds, not words: a page at 300 dpi has 8.7 megapixels, half of it reads as well. */
const readPixels = 5_000_000;
/**
 * Lines of text this many pixels tall read best, Chinese ones above all: at 74 pixels 花 becomes 化 (measured).
 * What lies outside is read a second time at the ideal size.
 */
const lineHeight = { least: 14, ideal: 26, most: 32 };

const input = z.strictObject({
  images: z
    .array(z.string())
    .min(1)
    .max(5)
    .register(fields, { label: { en: "Images", zh: "图片" } }),
  language: z
    .enum(["both", "en", "zh"])
    .default("both")
    .register(fields, {
      label: { en: "Language of the text", zh: "文字语言" },
      help: { en: "Naming the one language is faster.", zh: "指定单一语言识别更快。" },
      options: {
        both: { en: "English and Chinese", zh: "中文和英文" },
        en: { en: "English", zh: "英文" },
        zh: { en: "Chinese (simplified)", zh: "简体中文" },
      },
    }),
  joinLines: z
    .boolean()
    .default(false)
    .register(fields, {
      label: { en: "Join lines into paragraphs", zh: "合并换行为段落" },
      advanced: true,
    }),
});

const models = { en: ["eng"], zh: ["chi_sim"], both: ["chi_sim", "eng"] };

export const textRecognition = defineTool({
  slug: "text-recognition",
  category: "documents",
  icon: "scan-text",
  texts: {
    en: {
      name: "Read text from images",
      summary: "Turns photos, scans and screenshots into text, in English and Chinese.",
      description:
        "Recognizes printed text in up to five images and gives it back as plain text to copy or download. " +
        "Works best on upright, evenly lit print. Handwriting is not recognized.",
      takes: "Images",
      gives: "Text",
    },
    zh: {
      name: "图片文字识别",
      summary: "将照片、扫描件和截图中的中英文文字提取出来。",
      description:
        "识别最多五张图片中的印刷文字，得到可复制、可下载的纯文本。" +
        "文字端正、光线均匀时效果最好。不支持手写文字。",
      takes: "图片",
      gives: "文本",
    },
  },
  input,
  files: {
    field: "images",
    accept: ["image/jpeg", "image/png", "image/webp", "image/avif", "image/gif", "image/tiff"],
    maxBytes: 25_000_000,
    maxCount: 5,
    maxPixels,
  },
  process: "own",
  limits: { timeoutSeconds: 300, memoryMb: 1024 },
  tryable: { maxBytes: 8_000_000, maxPixels: 16_000_000, maxCount: 1 },
  examples: [
    {
      title: { en: "A receipt in English", zh: "英文收据" },
      input: { language: "en" },
      samples: ["receipt-en.png"],
    },
    {
      title: { en: "A notice in Chinese", zh: "中文通知" },
      input: { language: "zh" },
      samples: ["notice-zh.png"],
    },
    {
      title: { en: "Both at once", zh: "中英文同时识别" },
      input: { language: "both" },
      samples: ["receipt-en.png", "notice-zh.png"],
    },
  ],
  price: exactly({ images: 2 }, (_, files) => ({ images: files.length })),
  async run({ input, files, outputDirectory, onProgress }) {
    onProgress(0, "loading");
    const reader = await readerOf(models[input.language], outputDirectory);
    const texts: string[] = [];
    const confidences: number[] = [];
    for (const [index, file] of files.entries()) {
      onProgress(index / files.length, "recognizing");
      const { text: raw, confidence } = await recognize(reader, file);
      const text = tidy(raw);
      if (text) confidences.push(confidence);
      texts.push(input.joinLines ? joinParagraphs(text) : text);
    }
    const text = texts.filter(Boolean).join("\n\n");
    if (!text) throw new ToolError("nothing_found", "no text in any of the images");
    const confidence = confidences.reduce((sum, value) => sum + value, 0) / confidences.length;
    const name = outputName(files[0] ?? { name: "text" }, "", "txt");
    return {
      outputs: [{ name, mediaType: "text/plain", text }],
      facts: { characters: [...text].length, confidencePercent: Math.round(confidence) },
    };
  },
});

async function recognize(reader: Worker, file: LocalFile): Promise<{ text: string; confidence: number }> {
  const { image, width, height } = await openImage(file, maxPixels);
  const fits = Math.sqrt(readPixels / (width * height));
  const upright = await decoding(file, image.flatten({ background: "#ffffff" }).greyscale().png().toBuffer());
  const scale = Math.min(1, fits);
  const { data } = await reader.recognize(
    await resized(upright, width * scale),
    {},
    { text: true, blocks: true },
  );
  const lines = (data.blocks ?? []).flatMap((block) => block.paragraphs.flatMap(({ lines }) => lines));
  const heights = lines.map(({ bbox }) => bbox.y1 - bbox.y0).sort((a, b) => a - b);
  const usual = heights[heights.length >> 1] ?? lineHeight.least;
  if (usual >= lineHeight.least && usual <= lineHeight.most) return data;
  const better = Math.min((scale * lineHeight.ideal) / usual, fits);
  return (await reader.recognize(await resized(upright, width * better))).data;
}

async function resized(image: Buffer, width: number): Promise<Buffer> {
  return await sharp(image)
    .resize({ width: Math.max(1, Math.round(width)) })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

let loaded: { key: string; worker: Worker } | null = null;

/** The reader of these models, loaded once for as long as this process works in the same languages. */
async function readerOf(codes: string[], directory: string): Promise<Worker> {
  const key = codes.join("+");
  if (loaded?.key === key) return loaded.worker;
  await loaded?.worker.terminate();
  loaded = null;
  const langPath = await gatherModels(codes, join(directory, "models"));
  const { createWorker, OEM } = await import("tesseract.js");
  const worker = await createWorker(key, OEM.LSTM_ONLY, {
    langPath,
    cacheMethod: "none",
    gzip: true,
    // The promise rejects as well; without a handler the library throws where nobody can catch it.
    errorHandler: () => undefined,
  });
  await rm(langPath, { recursive: true });
  loaded = { key, worker };
  return worker;
}

/** Tesseract.js looks for all models in one folder; ours come in a package each. */
async function gatherModels(codes: string[], folder: string): Promise<string> {
  const { resolve } = createRequire(import.meta.url);
  await mkdir(folder);
  for (const code of codes) {
    const file = `${code}.traineddata.gz`;
    const home = dirname(resolve(`@tesseract.js-data/${code}/package.json`));
    await copyFile(join(home, "4.0.0_best_int", file), join(folder, file));
  }
  return folder;
}

/** Tesseract puts a space after every Chinese character and blank lines where there is a shadow. */
function tidy(text: string): string {
  return closeCjkGaps(text)
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function joinParagraphs(text: string): string {
  return text
    .split("\n\n")
    .map((paragraph) => paragraph.split("\n").reduce(joinLines))
    .join("\n\n");
}
