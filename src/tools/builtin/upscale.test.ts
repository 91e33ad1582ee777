import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { executeTool } from "#tools";
import { upscale } from "./upscale";
import { loadUpscaler, type Pixels } from "./upscale-model";
import { tilesOf } from "./upscale-tiles";
import { aFile, fixture, pathOf, workOn } from "./work.fixture";

async function pixelsOf(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Mean squared difference: the smaller, the more alike. */
function difference(a: Pixels, b: Pixels): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  return a.data.reduce((sum, value, i) => sum + (value - (b.data[i] ?? 0)) ** 2, 0) / a.data.length;
}

it("doubles each side", async () => {
  const work = workOn(upscale, [{ ...fixture("photo.png"), width: 240, height: 180 }]);
  const { outputs, usage, facts } = await executeTool(work);
  expect(facts).toEqual({ megapixels: 0.17 });
  expect(outputs[0]).toMatchObject({ name: "photo-2x.png", mediaType: "image/png", width: 480, height: 360 });
  expect(await sharp(pathOf(outputs[0])).metadata()).toMatchObject({
    format: "png",
    width: 480,
    height: 360,
  });
  expect(usage.credits).toBe(2n);
  expect(work.said.steps).toEqual(expect.arrayContaining(["loading", "upscaling", "saving"]));
});

it("costs by the megapixel of the result", () => {
  const priced = (width: number, height: number) =>
    upscale.price(workOn(upscale, [fixture("photo.png")]).input, [
      { ...fixture("photo.png"), width, height },
    ]);
  expect(priced(800, 600)).toMatchObject({
    kind: "exact",
    credits: 4n,
    lines: [{ label: "megapixels", quantity: 1.92, unitCredits: 2 }, { label: "rounding" }],
  });
  expect(priced(100, 100).credits).toBe(2n);
});

it("comes nearer to the original than resampling does", async () => {
  const original = sharp(fixture("photo.png").path).removeAlpha();
  const small = await original.clone().resize(120, 90).png().toBuffer();
  const { outputs } = await executeTool(workOn(upscale, [aFile("small.png", small)]));
  const truth = await pixelsOf(original);
  const ours = difference(await pixelsOf(sharp(pathOf(outputs[0]))), truth);
  const resampled = difference(await pixelsOf(sharp(small).resize(240, 180, { kernel: "cubic" })), truth);
  expect(ours).toBeLessThan(resampled);
});

it("keeps transparency", async () => {
  const round =
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><circle cx="30" cy="30" r="20"/></svg>';
  const file = aFile("round.png", await sharp(Buffer.from(round)).png().toBuffer());
  const { outputs } = await executeTool(workOn(upscale, [file], { format: "webp" }));
  const { data, info } = await sharp(pathOf(outputs[0])).raw().toBuffer({ resolveWithObject: true });
  const alphaAt = (x: number, y: number) => data[(y * info.width + x) * 4 + 3];
  expect(info).toMatchObject({ width: 120, height: 120, channels: 4 });
  expect([alphaAt(2, 2), alphaAt(60, 60)]).toEqual([0, 255]);
});

it("refuses more pixels than it takes, before decoding them", async () => {
  const huge = await sharp({ create: { width: 1100, height: 1001, channels: 3, background: "#888888" } })
    .png()
    .toBuffer();
  await expect(executeTool(workOn(upscale, [aFile("huge.png", huge)]))).rejects.toMatchObject({
    code: "too_many_pixels",
  });
});

describe("tiles", () => {
  it("give what the whole image at once gives", async () => {
    const image = await pixelsOf(sharp(fixture("photo.png").path).resize(100, 75));
    const model = await loadUpscaler();
    const whole = await model.upscale(image, () => undefined, 1000);
    const tiled = await model.upscale(image, () => undefined, 32);
    const worst = whole.data.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (tiled.data[i] ?? 0))),
      0,
    );
    expect(worst).toBeLessThanOrEqual(1);
  });

  it("cover the image exactly, without slivers", () => {
    const tiles = tilesOf(401, 200, 200, 10);
    expect(tiles.map(({ core }) => [core.left, core.top, core.width, core.height])).toEqual([
      [0, 0, 134, 200],
      [134, 0, 133, 200],
      [267, 0, 134, 200],
    ]);
    expect(tiles[1]?.seen).toEqual({ left: 124, top: 0, width: 153, height: 200 });
  });
});
