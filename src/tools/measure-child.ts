import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import { fileTypeFromFile } from "file-type";
import { Refusal } from "#platform/refusal";
import { type Measure, type MeasureOrder, measureOrder } from "./measure-message";
import { serveOrders } from "./runner-serve";

/** The process that uploads are measured in: started by measure.ts, never imported. */
serveOrders(async (order) => {
  try {
    return { measure: await measure(measureOrder.parse(order)) };
  } catch (error) {
    if (error instanceof Refusal) return { refused: { code: error.code, facts: error.facts } };
    throw error;
  }
});

const corrupt = (reason: string) => new Refusal("upload_corrupt", { reason });

/** @throws Refusal upload_unsupported, upload_too_large (pixels, unpacked bytes) or upload_corrupt. */
async function measure({ path, accept, maxPixels, maxUnpackedBytes }: MeasureOrder): Promise<Measure> {
  const mediaType =
    (await fileTypeFromFile(path))?.mime ?? (await textType(path)) ?? "application/octet-stream";
  if (!accept.has(mediaType)) {
    throw new Refusal("upload_unsupported", { mediaType, accepted: [...accept].sort().join(", ") });
  }
  if (mediaType.startsWith("image/")) return { mediaType, ...(await measureImage(path, maxPixels)) };
  if (mediaType === "application/pdf") return { mediaType, pages: await countPages(path) };
  if (mediaType.startsWith("application/vnd.openxmlformats")) await checkZip(path, maxUnpackedBytes);
  return { mediaType };
}

async function measureImage(path: string, maxPixels: number): Promise<{ width: number; height: number }> {
  const { default: sharp } = await import("sharp");
  const metadata = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw corrupt("image");
    });
  const { width, height } = metadata;
  if (width * height > maxPixels) throw new Refusal("upload_too_large", { width, height, maxPixels });
  try {
    // The header alone does not show a file that was cut off; a tiny copy reads it to its end.
    await sharp(path, { limitInputPixels: maxPixels, failOn: "truncated" })
      .resize(8, 8, { fit: "fill" })
      .raw()
      .toBuffer();
  } catch {
    throw corrupt("image");
  }
  return { width, height };
}

async function countPages(path: string): Promise<number> {
  const { getDocumentProxy } = await import("unpdf");
  try {
    const document = await getDocumentProxy(new Uint8Array(await readFile(path)));
    try {
      return document.numPages;
    } finally {
      await document.cleanup();
    }
  } catch (error) {
    throw corrupt(error instanceof Error && error.name === "PasswordException" ? "encrypted" : "pdf");
  }
}

/** Office documents are zip archives: adds up what they claim to unpack to, unpacking nothing. */
async function checkZip(path: string, maxUnpackedBytes: number): Promise<void> {
  let unpackedBytes = 0;
  try {
    unzipSync(new Uint8Array(await readFile(path)), {
      filter: ({ originalSize }) => {
        unpackedBytes += originalSize;
        return false;
      },
    });
  } catch {
    throw corrupt("zip");
  }
  if (unpackedBytes > maxUnpackedBytes) {
    throw new Refusal("upload_too_large", { unpackedBytes, maxUnpackedBytes });
  }
}

/** Text has no signature: it is what decodes as UTF-8 and holds no control characters. */
async function textType(path: string): Promise<string | null> {
  const bytes = await readFile(path);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u0000-\u0008\u000e-\u001f]/.test(text)) return null;
    return /^\s*(<!doctype html|<html[\s>])/i.test(text) ? "text/html" : "text/plain";
  } catch {
    return null;
  }
}
