import { z } from "zod";

/** What measure.ts and the process that measures say to each other. */

/** What a file is, by its content: neither its name nor what the browser says of it is asked. */
const measure = z.object({
  mediaType: z.string(),
  width: z.number().exactOptional(),
  height: z.number().exactOptional(),
  pages: z.number().exactOptional(),
});
export type Measure = z.infer<typeof measure>;

export const measureOrder = z.object({
  path: z.string(),
  /** Media types. */
  accept: z.set(z.string()),
  maxPixels: z.number(),
  maxUnpackedBytes: z.number(),
});
export type MeasureOrder = z.infer<typeof measureOrder>;

const refused = z.object({
  code: z.enum(["upload_unsupported", "upload_too_large", "upload_corrupt"]),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
});

export const measureOutcome = z.union([z.object({ measure }), z.object({ refused })]);
