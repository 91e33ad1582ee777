import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Sharp } from "sharp";
import { z } from "zod";
import {
  decoding,
  defineTool,
  exactly,
  fields,
  type LocalFile,
  openImage,
  outputName,
  type RunContext,
  type ToolOutput,
} from "#tools/define";

/** Converts, resizes and compresses images with sharp (libvips). */

/** AVIF, the hungriest, takes 1.7 GB for 48 megapixels and half of that for these. */
const maxPixels = 25_000_000;

const input = z.strictObject({
  images: z
    .array(z.string())
    .min(1)
    .max(10)
    .register(fields, { label: { en: "Images", zh: "图片" } }),
  format: z
    .enum(["webp", "jpeg", "png", "avif"])
    .default("webp")
    .register(fields, {
      label: { en: "Format", zh: "格式" },
      options: {
        webp: { en: "WebP: small, for the web", zh: "WebP：体积小，适合网页" },
        jpeg: { en: "JPEG: works everywhere", zh: "JPEG：通用" },
        png: { en: "PNG: lossless", zh: "PNG：无损" },
        avif: { en: "AVIF: smallest", zh: "AVIF：体积最小" },
      },
    }),
  quality: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(80)
    .register(fields, {
      label: { en: "Quality", zh: "质量" },
      help: {
        en: "Less is smaller. 80 looks like the original to most eyes.",
        zh: "数值越低文件越小；80 在多数人看来与原图无异。",
      },
      shownWhen: { field: "format", values: ["webp", "jpeg", "avif"] },
    }),
  width: side({ en: "Width", zh: "宽度" }),
  height: side({ en: "Height", zh: "高度" }),
  fit: z
    .enum(["inside", "cover", "contain", "fill"])
    .default("inside")
    .register(fields, {
      label: { en: "Fit", zh: "适应方式" },
      advanced: true,
      options: {
        inside: { en: "Fit inside, keep proportions", zh: "保持比例，缩放到范围内" },
        cover: { en: "Fill the frame, crop the rest", zh: "填满画面，裁掉多余部分" },
        contain: { en: "Fit inside, pad the rest", zh: "保持比例，空白处补边" },
        fill: { en: "Stretch", zh: "拉伸" },
      },
    }),
});

type Input = z.output<typeof input>;

function side(label: { en: string; zh: string }) {
  return z
    .number()
    .int()
    .min(1)
    .max(8192)
    .optional()
    .register(fields, { label, unit: "px", placeholder: { en: "as it is", zh: "保持不变" } });
}

export const imageConvert = defineTool({
  slug: "image-convert",
  category: "images",
  icon: "image-down",
  texts: {
    en: {
      name: "Convert and compress images",
      summary: "Change format, size and quality of up to ten images at once.",
      description:
        "Turns JPEG, PNG, WebP, AVIF, GIF and TIFF into WebP, JPEG, PNG or AVIF, resizes and compresses them. " +
        "Photos are turned upright, and camera and location data are removed.",
      takes: "Images",
      gives: "WebP, JPEG, PNG, AVIF",
    },
    zh: {
      name: "转换和压缩图片",
      summary: "一次更改最多十张图片的格式、尺寸和质量。",
      description:
        "将 JPEG、PNG、WebP、AVIF、GIF 和 TIFF 转换为 WebP、JPEG、PNG 或 AVIF，并调整尺寸、压缩体积。" +
        "照片会自动转正，相机和位置信息会被移除。",
      takes: "图片",
      gives: "WebP、JPEG、PNG、AVIF",
    },
  },
  input,
  files: {
    field: "images",
    accept: ["image/jpeg", "image/png", "image/webp", "image/avif", "image/gif", "image/tiff"],
    maxBytes: 25_000_000,
    maxCount: 10,
    maxPixels,
  },
  process: "own",
  limits: { timeoutSeconds: 300, memoryMb: 1400 },
  examples: [
    {
      title: { en: "Small for the web", zh: "网页用小图" },
      input: { format: "webp", quality: 75, width: 1600 },
      samples: ["photo.png"],
    },
    {
      title: { en: "A square picture", zh: "方形头像" },
      input: { format: "jpeg", width: 512, height: 512, fit: "cover" },
      samples: ["photo.png"],
    },
    {
      title: { en: "As small as it gets", zh: "体积最小" },
      input: { format: "avif", quality: 50 },
      samples: ["photo.png"],
    },
  ],
  price: exactly({ images: 1 }, (_, files) => ({ images: files.length })),
  async run(context) {
    const { files, onProgress } = context;
    const outputs: ToolOutput[] = [];
    let bytesAfter = 0;
    for (const [index, file] of files.entries()) {
      onProgress(index / files.length, "converting");
      const converted = await convert(file, index, context);
      bytesAfter += (await stat(converted.path)).size;
      outputs.push(converted);
    }
    const bytesBefore = files.reduce((sum, file) => sum + file.bytes, 0);
    return { outputs, facts: { bytesBefore, bytesAfter } };
  },
});

async function convert(file: LocalFile, index: number, { input, outputDirectory }: RunContext<Input>) {
  const { image } = await openImage(file, maxPixels);
  const { width, height, fit, format } = input;
  if (width || height) {
    // "inside" never enlarges: more pixels without more detail is a larger file for nothing.
    const background = { r: 255, g: 255, b: 255, alpha: format === "jpeg" ? 1 : 0 };
    image.resize({ width, height, fit, background, withoutEnlargement: fit === "inside" });
  }
  const path = join(outputDirectory, `${index}.${format}`);
  const info = await decoding(file, encode(image, input).toFile(path));
  return {
    name: outputName(file, "", format === "jpeg" ? "jpg" : format),
    mediaType: `image/${format}`,
    path,
    width: info.width,
    height: info.height,
  };
}

function encode(image: Sharp, { format, quality }: Input): Sharp {
  switch (format) {
    case "webp":
      return image.webp({ quality });
    case "jpeg":
      // JPEG has no transparency: what was clear becomes paper, not black.
      return image.flatten({ background: "#ffffff" }).jpeg({ quality, mozjpeg: true });
    case "png":
      return image.png({ compressionLevel: 9 });
    case "avif":
      return image.avif({ quality, effort: 3 });
  }
}
