import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import { Refusal } from "#platform/refusal";
import { invalid } from "./problem";

export type IncomingFile = { name: string; stream: Readable };

/** Whether a Content-Type says a form with files. */
export function isMultipart(contentType: string | undefined): boolean {
  return /^multipart\/form-data\s*;/i.test(contentType ?? "");
}

/**
 * Hands the one file of a multipart body over while it is being read; nothing is kept in memory.
 * What `take` throws ends the reading.
 * @throws Refusal unsupported_media_type, malformed_request, or invalid_request without such a field.
 */
export async function receiveFile<T>(
  request: Request,
  field: string,
  take: (file: IncomingFile) => Promise<T>,
): Promise<T> {
  const contentType = request.headers.get("content-type") ?? "";
  if (!isMultipart(contentType)) throw new Refusal("unsupported_media_type");
  if (!request.body) throw new Refusal("malformed_request");
  const parser = openParser(contentType);
  let file: Readable | undefined;
  let taken: Promise<T> | undefined;
  parser.on("file", (name: string, stream: Readable, fileName: string) => {
    // It may break off before anybody reads it; whoever does is told all the same.
    stream.on("error", () => undefined);
    if (name !== field || taken) {
      stream.resume();
      return;
    }
    file = stream;
    taken = take({ name: fileName, stream });
    taken.catch((error: unknown) =>
      parser.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  });
  try {
    await pipeline(Readable.from(chunks(request.body)), parser);
  } catch (error) {
    // The parser leaves an unfinished file waiting for more, and with it whoever reads it.
    file?.destroy(new Error("The request broke off."));
    // The file's own refusal says more than the parser's.
    const cause = taken ? await settled(taken) : error;
    throw cause instanceof Refusal ? cause : new Refusal("malformed_request");
  }
  if (!taken) throw invalid([{ path: field, message: "A file is missing." }]);
  return taken;
}

function openParser(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      limits: { files: 1, fields: 10, fieldSize: 10_000, parts: 11 },
    });
  } catch {
    // No boundary.
    throw new Refusal("malformed_request");
  }
}

async function settled(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return null;
  } catch (error) {
    return error;
  }
}

async function* chunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
