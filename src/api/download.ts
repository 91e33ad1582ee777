import type { Readable } from "node:stream";
import type { Context } from "hono";
import type { ApiEnv } from "./router";

/** Raster images only: everything else a browser might run as a page of ours. */
const inlineTypes = new Set(["image/png", "image/jpeg", "image/webp", "image/avif", "image/gif"]);

type Download = { name: string; mediaType: string; bytes: number; open: () => Promise<Readable> };

/** Sends a customer's file: as an attachment, or in place if it is a picture and that was asked for. */
export async function sendFile(c: Context<ApiEnv>, file: Download, inline: boolean): Promise<Response> {
  const shown = inline && inlineTypes.has(file.mediaType);
  // HEAD is answered by the same route, and nobody would read the stream, nor close it.
  const body = c.req.method === "HEAD" ? null : webStream(await file.open());
  return c.newResponse(body, 200, {
    "Content-Type": /^text\//.test(file.mediaType) ? `${file.mediaType}; charset=utf-8` : file.mediaType,
    "Content-Length": `${file.bytes}`,
    "Content-Disposition": disposition(shown ? "inline" : "attachment", file.name),
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    // What is under an id never changes, and belongs to whoever is signed in here.
    "Cache-Control": "private, max-age=3600",
    Vary: "Cookie",
  });
}

/** RFC 6266: the name in plain letters, and in full for those who read it. */
export function disposition(kind: "inline" | "attachment", name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const full = encodeURIComponent(name).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${full}`;
}

/** A Node stream as a body; a client that goes away closes it. */
export function webStream(stream: Readable): ReadableStream<Uint8Array> {
  const chunks = stream.iterator({ destroyOnReturn: true });
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel() {
      stream.destroy();
    },
  });
}
