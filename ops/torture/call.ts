import { Agent, request } from "node:http";
import { z } from "zod";

/** One request over HTTP. */
export type Reply = { status: number; body: Body };
export type Body = z.infer<typeof bodySchema>;

const bodySchema = z.object({
  code: z.string().default(""),
  outcome: z.string().optional(),
  credits: z.number().default(0),
  available: z.number().default(0),
  held: z.number().default(0),
  repeated: z.boolean().default(false),
  holdId: z.string().nullable().default(null),
  /** Of a run. */
  id: z.string().nullable().default(null),
  status: z.union([z.string(), z.number()]).default(""),
  charged: z.number().default(0),
});

/** Longer than the ledger lets anybody wait. */
const patienceMs = 40_000;

export class Caller {
  readonly #agent = new Agent({ keepAlive: true });

  /**
   * @param hangUpMs when given, the caller hangs up after so long, whatever has become of it
   * @returns null when there was no answer
   */
  post(
    url: string,
    headers: { [name: string]: string },
    body: unknown,
    hangUpMs?: number,
  ): Promise<Reply | null> {
    return new Promise((resolve) => {
      const text = body === undefined ? "" : JSON.stringify(body);
      const options = {
        method: "POST",
        agent: this.#agent,
        headers: { ...headers, "content-length": text.length },
      };
      const sent = request(url, options, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", () => resolve(null));
        response.on("close", () => resolve(null));
        response.on("end", () => resolve(read(response.statusCode ?? 0, Buffer.concat(parts).toString())));
      });
      const timer = setTimeout(() => sent.destroy(), hangUpMs ?? patienceMs);
      sent.on("close", () => clearTimeout(timer));
      sent.on("error", () => resolve(null));
      sent.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** What is no JSON of ours is shown as what it is. */
function read(status: number, text: string): Reply {
  try {
    return { status, body: bodySchema.parse(JSON.parse(text)) };
  } catch {
    return { status, body: bodySchema.parse({ code: `unreadable: ${text.slice(0, 200)}` }) };
  }
}
