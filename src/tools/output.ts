import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { Refusal } from "#platform/refusal";
import { openFile } from "#platform/storage";
import type { Output } from "./run";

/** Texts up to this are sent along with their run. */
const inlineTextBytes = 64 * 1024;

/** The bytes of a result. @throws Refusal not_found once they are deleted */
export async function openOutput(output: Output): Promise<Readable> {
  const stream = await openFile(output.storageKey);
  if (!stream) throw new Refusal("not_found");
  return stream;
}

/** A small text's content; null for everything else. */
export async function readOutputText(output: Output): Promise<string | null> {
  const small = output.mediaType.startsWith("text/") && output.bytes <= inlineTextBytes;
  const stream = small ? await openFile(output.storageKey) : null;
  return stream ? text(stream) : null;
}
