import { readFileSync } from "node:fs";
import sharp from "sharp";
import { expect, it } from "vitest";
import { executeTool, type LocalFile } from "#tools";
import { imageConvert } from "./image-convert";
import { aFile, fixture, pathOf, workOn } from "./work.fixture";

async function convert(files: LocalFile[], input: Record<string, unknown>) {
  const { outputs, ...rest } = await executeTool(workOn(imageConvert, files, input));
  return {
    ...rest,
    outputs,
    images: await Promise.all(outputs.map((output) => sharp(pathOf(output)).metadata())),
  };
}

it.each(["webp", "jpeg", "png", "avif"])("converts to %s", async (format) => {
  const { images, outputs, facts, usage } = await convert([fixture("photo.png")], { format });
  expect(images[0]).toMatchObject({ format: format === "avif" ? "heif" : format, width: 240, height: 180 });
  expect(outputs[0]).toMatchObject({ mediaType: `image/${format}`, width: 240, height: 180 });
  expect(facts).toMatchObject({ bytesBefore: fixture("photo.png").bytes });
  expect(usage.credits).toBe(1n);
});

it.each([
  ["fits inside", { width: 120, height: 120 }, [120, 90]],
  ["crops to fill", { width: 120, height: 120, fit: "cover" }, [120, 120]],
  ["never enlarges", { width: 1000 }, [240, 180]],
])("%s", async (_, size, [width, height]) => {
  const { images } = await convert([fixture("photo.png")], { format: "png", ...size });
  expect(images[0]).toMatchObject({ width, height });
});

it("converts several at once, a credit each", async () => {
  const { outputs, usage } = await convert([fixture("photo.png"), fixture("receipt-en.png")], {
    format: "jpeg",
  });
  expect(outputs.map((output) => output.name)).toEqual(["photo.jpg", "receipt-en.jpg"]);
  expect(usage.credits).toBe(2n);
});

it("turns a photo upright and removes where it was taken", async () => {
  const sideways = await sharp(fixture("photo.png").path)
    .withExif({ IFD0: { Make: "Camera" }, IFD3: { GPSLatitude: "52/1 31/1 0/1" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const { images } = await convert([aFile("sideways.png", sideways)], { format: "jpeg" });
  expect(images[0]).toMatchObject({ width: 180, height: 240 });
  expect(images[0]?.exif).toBeUndefined();
  expect(images[0]?.orientation).toBeUndefined();
});

it.each([
  ["a truncated image", () => readFileSync(fixture("photo.png").path).subarray(0, 20_000), "file_corrupt"],
  ["a text renamed to .png", () => "just words", "file_corrupt"],
  [
    "a vector image",
    () => '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "file_unsupported",
  ],
  ["an image that says it is huge", () => hugeHeader(), "too_many_pixels"],
])("refuses %s", async (_, content, code) => {
  const file = aFile("broken.png", content());
  await expect(convert([file], { format: "webp" })).rejects.toMatchObject({ name: "ToolError", code });
});

/** The photo, its header changed to 60,000 × 60,000 pixels: refused by it, before anything is decoded. */
function hugeHeader(): Buffer {
  const png = readFileSync(fixture("photo.png").path);
  png.writeUInt32BE(60_000, 16);
  png.writeUInt32BE(60_000, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
