import { z } from "zod";
import { toolErrorCodes, unitNames } from "./names";
import { toolSteps } from "./tool";

/** What a process and the child that works for it say to each other over Node's IPC channel (structured clone, so bigint passes). */

const localFile = z.object({
  id: z.string(),
  name: z.string(),
  mediaType: z.string(),
  bytes: z.number(),
  width: z.number().exactOptional(),
  height: z.number().exactOptional(),
  pages: z.number().exactOptional(),
  path: z.string(),
});

export const orderMessage = z.object({
  runId: z.string(),
  slug: z.string(),
  input: z.unknown(),
  files: z.array(localFile),
  outputDirectory: z.string(),
});
export type OrderMessage = z.infer<typeof orderMessage>;

const described = {
  name: z.string(),
  mediaType: z.string(),
  width: z.number().exactOptional(),
  height: z.number().exactOptional(),
};

export const outcomeMessage = z.object({
  outputs: z.array(
    z.union([z.object({ ...described, path: z.string() }), z.object({ ...described, text: z.string() })]),
  ),
  usage: z.object({ units: z.partialRecord(z.enum(unitNames), z.number()) }).exactOptional(),
  model: z.object({ name: z.string(), cost: z.bigint().nullable() }).exactOptional(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])).exactOptional(),
});

export const reportMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("progress"),
    fraction: z.number(),
    step: z.union([z.enum(toolSteps), z.object({ text: z.string() })]),
  }),
  z.object({ type: z.literal("text"), delta: z.string() }),
  /** Resident bytes, told once a second for systems where the worker cannot look itself. */
  z.object({ type: z.literal("memory"), bytes: z.number() }),
  /** Whoever gave the order knows what its outcome looks like. */
  z.object({ type: z.literal("done"), outcome: z.unknown() }),
  /** The tool's own no. */
  z.object({ type: z.literal("refused"), code: z.enum(toolErrorCodes), message: z.string() }),
  /** Something that is not a ToolError was thrown. */
  z.object({ type: z.literal("failed"), message: z.string() }),
]);
export type ReportMessage = z.infer<typeof reportMessage>;
