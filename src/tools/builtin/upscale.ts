import { join } from "node:path";
import sharp from "sharp";
import { z } from "zod";
import {
  decoding,
  defineTool,
  exactly,
  fields,
  openImage,
  outputName,
  type RunContext,
  ToolError,
} from "#tools/define";
import type { Pixels } from "./upscale-model";

/** Enlarges an image with a neural network, which draws detail that resampling only blurs. */

/** The result has four times as many and takes some ten seconds a megapixel. */
const maxPixels = 1_100_000;
/** The model's; named here because the price needs it where the model is not loaded. */
const scale = 2;

const input = z.strictObject({
  image: z
    .array(z.string())
    .length(1)
    .register(fields, { label: { en: "Image", zh: "图片" } }),
  format: z
    .enum(["png", "jpeg", "webp"])
    .default("png")
    .register(fields, {
      label: { en: "Save as", zh: "保存格式" },
      options: {
        png: { en: "PNG, lossless", zh: "PNG，无损" },
        jpeg: { en: "JPEG, smaller", zh: "JPEG，体积较小" },
        webp: { en: "WebP, smallest", zh: "WebP，体积最小" },
      },
    }),
});

type Input = z.output<typeof input>;

export const upscale = defineTool({
  slug: "upscale",
  category: "images",
  icon: "scaling",
  texts: {
    en: {
      name: "Upscale an image",
      summary: "Doubles width and height and redraws edges with a neural network.",
      description:
        "A super-resolution network draws finer edges and textures than plain resampling. " +
        "For small pictures, thumbnails, old photos and product images up to 1 megapixel. " +
        "It cannot bring back what the original does not hint at.",
      takes: "Image",
      gives: "Image, twice as wide and high",
    },
    zh: {
      name: "图片放大",
      summary: "用神经网络将宽和高放大一倍，重绘更清晰的边缘。",
      description:
        "超分辨率网络能画出比普通缩放更精细的边缘和纹理。" +
        "适合小图、缩略图、老照片和商品图（不超过 110 万像素）。原图中毫无痕迹的细节无法凭空恢复。",
      takes: "图片",
      gives: "宽高各 2 倍的图片",
    },
  },
  input,
  files: {
    field: "image",
    accept: ["image/jpeg", "image/png", "image/webp"],
    maxBytes: 15_000_000,
    maxCount: 1,
    maxPixels,
  },
  process: "own",
  limits: { timeoutSeconds: 300, memoryMb: 800 },
  examples: [
    {
      title: { en: "A small photo, lossless", zh: "小照片，无损保存" },
      input: { format: "png" },
      samples: ["photo.png"],
    },
    { title: { en: "For printing", zh: "用于打印" }, input: { format: "jpeg" }, samples: ["photo.png"] },
    { title: { en: "For a web page", zh: "用于网页" }, input: { format: "webp" }, samples: ["photo.png"] },
  ],
  price: exactly({ megapixels: 2, minimum: 2, maximum: 12 }, (_, files) => {
    const pixels = files.reduce((sum, file) => sum + (file.width ?? 0) * (file.height ?? 0), 0);
    const megapixels = (pixels * scale ** 2) / 1_000_000;
    return { megapixels: Math.ceil(megapixels * 100) / 100 };
  }),
  run: enlarge,
});

async function enlarge(context: RunContext<Input>) {
  const { input, files, outputDirectory, onProgress } = context;
  const [file] = files;
  if (!file) throw new ToolError("file_unsupported", "no file");
  const { image, width, height, metadata } = await openImage(file, maxPixels);
  onProgress(0, "loading");
  const { loadUpscaler } = await import("./upscale-model");
  const model = await loadUpscaler();
  const rgb = image.clone().toColourspace("srgb").removeAlpha().raw();
  const source: Pixels = { data: await decoding(file, rgb.toBuffer()), width, height };
  const result = await model.upscale(source, (fraction) => onProgress(fraction * 0.95, "upscaling"));

  onProgress(0.95, "saving");
  const enlarged = sharp(result.data, { raw: { width: result.width, height: result.height, channels: 3 } });
  if (metadata.hasAlpha) {
    // The network knows no transparency; a mask has no texture to invent, so resampling is right for it.
    const alpha = image.clone().extractChannel("alpha").resize(result.width, result.height, { fit: "fill" });
    enlarged.joinChannel(await decoding(file, alpha.png().toBuffer()));
  }
  const path = join(outputDirectory, `result.${input.format}`);
  if (input.format === "jpeg") enlarged.flatten({ background: "#ffffff" });
  await enlarged.toFormat(input.format, { quality: 92 }).toFile(path);
  const extension = input.format === "jpeg" ? "jpg" : input.format;
  return {
    outputs: [
      {
        name: outputName(file, `-${scale}x`, extension),
        mediaType: `image/${input.format}`,
        path,
        width: result.width,
        height: result.height,
      },
    ],
    facts: { megapixels: Math.round((result.width * result.height) / 10_000) / 100 },
  };
}
