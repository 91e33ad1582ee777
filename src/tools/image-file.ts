import { parse } from "node:path";
import sharp, { type Metadata, type Sharp } from "sharp";
import type { LocalFile } from "./tool";
import { ToolError } from "./tool-error";

/** Opens images from strangers: only formats we name, only as many pixels as allowed, before decoding. */

// Decoded files are worth no cache: each is somebody else's.
sharp.cache(false);

const formats = new Set(["jpeg", "png", "webp", "gif", "tiff", "heif"]);

export type OpenImage = {
  /** Ready to decode, turned as its EXIF orientation says. */
  image: Sharp;
  metadata: Metadata;
  /** Pixels after turning. */
  width: number;
  height: number;
};

/**
 * Reads an image's header and hands it over undecoded.
 * @throws ToolError file_corrupt, file_unsupported or too_many_pixels.
 */
export async function openImage(file: LocalFile, maxPixels: number): Promise<OpenImage> {
  // A file that tells its true size is refused here; limitInputPixels holds for one that lies.
  const image = sharp(file.path, { limitInputPixels: maxPixels, failOn: "error", autoOrient: true });
  const metadata = await sharp(file.path, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw new ToolError("file_corrupt", `${file.name}: ${message(cause)}`);
    });
  // heif is also HEVC, which our libvips cannot decode, and whose patents are not ours to license.
  const known =
    formats.has(metadata.format) && (metadata.format !== "heif" || metadata.compression === "av1");
  if (!known) throw new ToolError("file_unsupported", `${file.name}: ${metadata.format}`);
  if (metadata.width * metadata.height > maxPixels) {
    throw new ToolError("too_many_pixels", `${file.name}: ${metadata.width} × ${metadata.height}`);
  }
  const { width, height } = metadata.autoOrient;
  return { image, metadata, width, height };
}

/**
 * Finishes work on an image; whatever the decoder stumbles over is the file's fault.
 * @throws ToolError file_corrupt
 */
export async function decoding<T>(file: LocalFile, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new ToolError("file_corrupt", `${file.name}: ${message(cause)}`);
  }
}

/** "Holiday.jpg" as "Holiday-2x.png": a name one recognises after downloading. */
export function outputName(file: { name: string }, suffix: string, extension: string): string {
  return `${parse(file.name).name || "result"}${suffix}.${extension}`;
}

function message(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
