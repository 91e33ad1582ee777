import type { Context } from "hono";
import { disposition } from "./download";
import type { ApiEnv } from "./router";

/** Streams lines as a download. */
export function sendCsv(c: Context<ApiEnv>, name: string, lines: AsyncGenerator<string>) {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
  return c.body(body, 200, {
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": disposition("attachment", name),
    "Cache-Control": "no-store",
  });
}
