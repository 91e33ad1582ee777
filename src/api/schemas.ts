import { z } from "@hono/zod-openapi";
import { invalid } from "./problem";

/** What several resources share. */

export const timeSchema = z.iso.datetime().openapi({ example: "2026-11-23T10:00:00.000Z" });

export const creditsSchema = z.int().openapi({ description: "Whole credits.", example: 12 });

export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, "1 to 128 visible ASCII characters")
  .openapi({
    description: "Any text of yours that names this request: repeating it with the same key does it once.",
    example: "7f9c2c0e-0d2b-4f6e-9a52-3f1f4f7f7a10",
  });

/** A body of JSON, as a route describes what it answers, and what it takes. */
export function json<T extends z.ZodType>(schema: T) {
  return { "application/json": { schema } };
}

export function bodyOf<T extends z.ZodType>(schema: T) {
  return { required: true, content: json(schema) };
}

/** The header of every POST that creates or spends. */
/** In which language words are answered; else the account's. */
export const localeQuery = z.object({ locale: z.enum(["en", "zh"]).optional() });

export const idempotent = z.object({ "Idempotency-Key": idempotencyKeySchema });

export function idParam(description: string) {
  return z.object({ id: z.string().max(64).openapi({ description }) });
}

/** The query of every list: `limit`, and the `cursor` that the page before it gave. */
export const pageQuery = {
  cursor: z.string().max(200).optional().openapi({ description: "`nextCursor` of the page before." }),
  limit: z.coerce.number().int().min(1).max(100).default(25),
};

/** A page of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    data: z.array(item),
    nextCursor: z.string().nullable().openapi({ description: "Null on the last page." }),
  });
}

/** A cursor is opaque to clients: base64url of the key that the next page begins after. */
export function writeCursor(key: string | null): string | null {
  return key === null ? null : Buffer.from(`1:${key}`).toString("base64url");
}

/** @throws Refusal invalid_request for a cursor that we did not write. */
export function readCursor(cursor: string | undefined, form: RegExp): string | undefined {
  if (cursor === undefined) return undefined;
  const text = Buffer.from(cursor, "base64url").toString();
  const key = text.startsWith("1:") ? text.slice(2) : "";
  if (!form.test(key)) throw invalid([{ path: "cursor", message: "Not a cursor of this list." }]);
  return key;
}

/** A cursor of a list that is in the order of time and, within one moment, of ids. */
export function writeTimeCursor(last: { at: Date; id: string } | null): string | null {
  return writeCursor(last && `${last.at.getTime()} ${last.id}`);
}

/**
 * @param form of the whole key: ms since 1970, a space, an id
 * @throws Refusal invalid_request for a cursor that we did not write
 */
export function readTimeCursor(
  cursor: string | undefined,
  form: RegExp,
): { at: Date; id: string } | undefined {
  const [ms, id] = readCursor(cursor, form)?.split(" ") ?? [];
  return ms && id ? { at: new Date(Number(ms)), id } : undefined;
}

/** Credits as JSON: whole numbers a double holds exactly. */
export function creditsJson(credits: bigint): number {
  const number = Number(credits);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${credits} credits do not fit JSON`);
  return number;
}
