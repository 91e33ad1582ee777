import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { io, setBackend, type Tensor, tensor4d, ready as tensorflowReady, tidy } from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { z } from "zod";
import { type Rectangle, tilesOf } from "./upscale-tiles";

/**
 * ESRGAN Slim x2 of UpscalerJS (MIT): a residual dense network of 220,000 weights, on TensorFlow.js with the
 * WebAssembly backend. Imported only in the tool's own process, by the first run that needs it. Its sister
 * for x4 draws a grid of squares and comes no nearer to the original than resampling: it is not offered.
 */

/** How many times longer each side becomes. */
const scale = 2;

/** RGB, a byte each. */
export type Pixels = { data: Uint8Array; width: number; height: number };

export type Upscaler = {
  /** Works tile by tile; the event loop turns between them. @param onTile hears the share that is done. */
  upscale(image: Pixels, onTile: (fraction: number) => void, tileSize?: number): Promise<Pixels>;
};

/**
 * How far the network looks: its convolutions reach 1+1+1+1+1+2+1+1+1 pixels. With less overlap tiles show
 * seams, with this much the result is that of the whole image at once.
 */
const reach = 10;
/** Measured: 192 takes 280 MB, 20% less time than 96, and 5% more than 256 with 360 MB. */
const usualTileSize = 192;

const { resolve } = createRequire(import.meta.url);
const weightsManifest = z.array(
  z.object({
    paths: z.array(z.string()).length(1),
    weights: z.array(z.object({ name: z.string(), shape: z.array(z.number()), dtype: z.literal("float32") })),
  }),
);
const modelFile = z.object({
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: weightsManifest.length(1),
});

let loaded: Promise<Upscaler> | null = null;

/** The model, loaded once in this process. */
export function loadUpscaler(): Promise<Upscaler> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Upscaler> {
  setWasmPaths(join(dirname(resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist/"));
  await setBackend("wasm");
  await tensorflowReady();
  const model = await loadLayersModel(io.fromMemory(await readModel()));
  const predict = (input: Tensor): Tensor => {
    const output = model.predict(input);
    if (Array.isArray(output)) throw new Error("the model has one output");
    return output;
  };
  return { upscale: (image, onTile, size) => upscaleTiles(image, predict, onTile, size) };
}

async function readModel(): Promise<io.ModelArtifacts> {
  // The package's exports name its code only; the models lie beside it.
  const [home] = resolve("@upscalerjs/esrgan-slim").split(`${join("esrgan-slim", "dist")}`);
  const folder = join(home ?? "", "esrgan-slim", "models", `x${scale}`);
  const { modelTopology, weightsManifest } = modelFile.parse(
    JSON.parse(await readFile(join(folder, "model.json"), "utf8")),
  );
  const [manifest] = weightsManifest;
  const weights = await readFile(join(folder, manifest?.paths[0] ?? ""));
  return {
    modelTopology,
    weightSpecs: manifest?.weights ?? [],
    weightData: new Uint8Array(weights).buffer,
  };
}

async function upscaleTiles(
  image: Pixels,
  predict: (input: Tensor) => Tensor,
  onTile: (fraction: number) => void,
  tileSize = usualTileSize,
): Promise<Pixels> {
  const result: Pixels = {
    data: new Uint8Array(image.width * image.height * 3 * scale * scale),
    width: image.width * scale,
    height: image.height * scale,
  };
  const tiles = tilesOf(image.width, image.height, tileSize, reach);
  for (const [index, { core, seen }] of tiles.entries()) {
    const output = tidy(() => predict(tensor4d(cut(image, seen), [1, seen.height, seen.width, 3])));
    const values = await output.data();
    output.dispose();
    const inner = { ...core, left: core.left - seen.left, top: core.top - seen.top };
    paste(values, seen.width * scale, enlarged(inner), result, enlarged(core));
    onTile((index + 1) / tiles.length);
  }
  return result;
}

function enlarged({ left, top, width, height }: Rectangle): Rectangle {
  return { left: left * scale, top: top * scale, width: width * scale, height: height * scale };
}

/** The model takes and gives values from 0 to 255. */
function cut(image: Pixels, part: Rectangle): Float32Array {
  const values = new Float32Array(part.width * part.height * 3);
  for (let y = 0; y < part.height; y++) {
    const start = ((part.top + y) * image.width + part.left) * 3;
    values.set(image.data.subarray(start, start + part.width * 3), y * part.width * 3);
  }
  return values;
}

/** Copies a part of what the model gave to its place, rounded and kept within a byte. */
function paste(
  values: ArrayLike<number>,
  valuesWidth: number,
  part: Rectangle,
  into: Pixels,
  place: Rectangle,
): void {
  for (let y = 0; y < part.height; y++) {
    const from = ((part.top + y) * valuesWidth + part.left) * 3;
    const to = ((place.top + y) * into.width + place.left) * 3;
    for (let i = 0; i < part.width * 3; i++) {
      into.data[to + i] = Math.min(255, Math.max(0, Math.round(values[from + i] ?? 0)));
    }
  }
}
