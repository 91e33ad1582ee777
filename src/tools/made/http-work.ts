import { z } from "zod";
import { type UnitName, unitNames } from "#tools/names";
import { rate } from "./parts";

/** The work of a tool that the operator's own server does, as data. Pure; safe in a browser. */

const amount = z.number().positive().max(1_000_000);

const httpPriceSchema = z.discriminatedUnion("kind", [
  /** The same for every run. */
  z.strictObject({ kind: z.literal("fixed"), run: rate }),
  /** What the server says it used: `most` of it is held when the run starts, and never more is charged. */
  z.strictObject({
    kind: z.literal("upTo"),
    /** Whole credits for one of a unit, or for a thousand of those that are priced so; each with its most. */
    rates: z.partialRecord(z.enum(unitNames), rate),
    most: z.partialRecord(z.enum(unitNames), amount),
    minimum: rate,
  }),
]);

export const httpWorkSchema = z.strictObject({
  kind: z.literal("http"),
  /** Where runs are sent. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .refine((url) => !URL.canParse(url) || new URL(url).username === "", "without a name and password in it"),
  /** How often a run is sent again when there was no answer, 5xx or 429. */
  retries: z.int().min(0).max(5),
  price: httpPriceSchema,
});
export type HttpWork = z.infer<typeof httpWorkSchema>;

/** The units that the server may report; none for a fixed price. */
export function pricedUnits({ price }: HttpWork): UnitName[] {
  return price.kind === "fixed" ? [] : unitNames.filter((unit) => price.rates[unit] !== undefined);
}
