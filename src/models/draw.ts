import { generateImage } from "ai";
import { costOfImages, type ModelUse } from "./cost";
import { ModelError } from "./error";
import type { Candidate } from "./model";
import { imageModel } from "./protocol";
import { noteSuccess } from "./rest";
import { mostWaitMs } from "./seat";
import { askInTurn, fail, type Turn } from "./turn";

/** Asks models of images until one draws. */

export type DrawingOrder = Turn & {
  prompt: string;
  /** How many images, at most four. */
  count: number;
  /** Pixels across and down. */
  size: `${number}x${number}`;
};

export type Drawing = {
  /** At least one, perhaps fewer than were asked for. */
  images: { bytes: Uint8Array; mediaType: string }[];
  use: ModelUse;
};

/** @throws ModelError; ModelsBusy; the signal's reason */
export async function draw(order: DrawingOrder): Promise<Drawing> {
  return askInTurn("image", { ...order, mostWaitMs }, (candidate) => drawOne(candidate, order));
}

async function drawOne({ model, provider }: Candidate, order: DrawingOrder): Promise<Drawing> {
  const { prompt, count, size, signal } = order;
  try {
    const { images } = await generateImage({
      model: imageModel(provider, model.name),
      ...{ prompt, size, n: count, maxRetries: 0, abortSignal: signal },
    });
    await noteSuccess(provider.id);
    const drawn = images
      .slice(0, count)
      .map(({ uint8Array, mediaType }) => ({ bytes: uint8Array, mediaType }));
    const use = { name: model.name, cost: costOfImages(model, drawn.length) };
    if (drawn.length === 0) throw new ModelError("refused", "no image came", use);
    return { images: drawn, use };
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    if (cause instanceof ModelError) throw cause;
    return fail(provider.id, cause, null);
  }
}
