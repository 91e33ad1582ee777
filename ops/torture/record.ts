import { appendFileSync, closeSync, fsyncSync, openSync, readFileSync } from "node:fs";
import { z } from "zod";

/**
 * What became of a command, as whoever sent it knows: written down outside the database that is tortured, to
 * be held against it afterwards.
 *
 * - `applied`: an answer said so. It stands exactly once.
 * - `refused`: the first request was answered with a no. It does not stand.
 * - `not_applied`: the first request was answered `busy` with `not_applied`. It does not stand, and never will.
 * - `unknown`: no answer, or a no only to a repetition, when the first request may still have come to stand
 *   later. It stands at most once.
 */
const fates = ["applied", "refused", "not_applied", "unknown"] as const;
/** The ledger's, and those of runs, which hold and capture by themselves. */
export const verbs = [
  "charge",
  "hold",
  "capture",
  "carry",
  "release",
  "extend",
  "grant",
  "reverse",
  "expire",
  "run",
  "cancel",
] as const;

export const recordSchema = z.object({
  /** One for each command: its key, and its reference where it has one. */
  id: z.string(),
  account: z.string(),
  verb: z.enum(verbs),
  /** How many it asked for; 0 for verbs that do not say. */
  credits: z.number(),
  fate: z.enum(fates),
  /** Why not, or how often it was asked. */
  code: z.string(),
  requests: z.number(),
  hold: z.string().nullable(),
  lot: z.string().nullable(),
  run: z.string().nullable(),
  /** What the answer said. */
  told: z.object({ credits: z.number(), available: z.number(), held: z.number() }).nullable(),
});
export type Record = z.infer<typeof recordSchema>;

/** Something an answer said that cannot be right. */
const complaintSchema = z.object({ complaint: z.string() });

const lineSchema = z.union([recordSchema, complaintSchema]);

/** An append-only file. What was kept survives its process. */
export class RecordFile {
  readonly #file: number;
  #waiting = "";

  constructor(path: string) {
    this.#file = openSync(path, "a");
  }

  keep(line: Record | z.infer<typeof complaintSchema>): void {
    this.#waiting += `${JSON.stringify(line)}\n`;
    if (this.#waiting.length > 16_384) this.flush();
  }

  flush(): void {
    if (this.#waiting !== "") appendFileSync(this.#file, this.#waiting);
    this.#waiting = "";
  }

  close(): void {
    this.flush();
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}

export function readRecords(path: string): { records: Record[]; complaints: string[] } {
  const records: Record[] = [];
  const complaints: string[] = [];
  for (const text of readFileSync(path, "utf8").split("\n")) {
    if (text === "") continue;
    const line = lineSchema.parse(JSON.parse(text));
    if ("complaint" in line) complaints.push(line.complaint);
    else records.push(line);
  }
  return { records, complaints };
}
