import { z } from "@hono/zod-openapi";
import {
  isOver,
  type Output,
  type Owner,
  type Run,
  type RunView,
  readOutputText,
  runStatuses,
  toolOfRun,
  viewRun,
} from "#tools";
import { creditsJson, creditsSchema, timeSchema } from "./schemas";
import { uploadJson, uploadSchema } from "./upload-json";

const outputSchema = z
  .object({
    position: z.int(),
    name: z.string(),
    mediaType: z.string(),
    bytes: z.int(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    url: z.string().openapi({ description: "Where to download it." }),
    text: z.string().nullable().openapi({ description: "Of a small text, when one run is asked for." }),
  })
  .openapi("Output");

export const runSchema = z
  .object({
    id: z.string(),
    tool: z.string(),
    status: z.enum(runStatuses),
    input: z.record(z.string(), z.unknown()),
    parent: z.string().nullable().openapi({ description: "The run that it goes on with." }),
    trial: z.boolean().openapi({ description: "A test by staff, charged to nobody." }),
    files: z.array(uploadSchema),
    progress: z.number().nullable().openapi({ description: "From 0 to 1." }),
    step: z.string().nullable(),
    queuePosition: z.int().nullable().openapi({ description: "1 for the next; null unless it waits." }),
    held: creditsSchema.openapi({ description: "Reserved at the start: the most it can cost." }),
    charged: creditsSchema,
    returned: creditsSchema.openapi({ description: "What was held and not charged, once it is over." }),
    outputs: z.array(outputSchema),
    columns: z
      .array(
        z.object({
          name: z.string().openapi({ description: "As the first line of the CSV and the JSON name it." }),
          label: z.object({ en: z.string(), zh: z.string() }),
          type: z.enum(["text", "number", "switch"]),
        }),
      )
      .nullable()
      .openapi({ description: "Of a table that came out, when one run is asked for." }),
    text: z.string().nullable().openapi({ description: "What a streaming tool has written so far." }),
    facts: z.record(z.string(), z.union([z.string(), z.number()])).nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    createdAt: timeSchema,
    startedAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
    expiresAt: timeSchema.openapi({ description: "When input and results are deleted." }),
    purged: z.boolean().openapi({ description: "They were deleted." }),
    attempt: z.int().openapi({ description: "2 when its worker was lost and it is tried again." }),
    cancelRequested: z.boolean().openapi({ description: "It ends as soon as its worker has stopped." }),
  })
  .openapi("Run", {
    example: {
      id: "run_01kaqtwsvf3h5m8w9z0x1c2v3b",
      tool: "image-convert",
      status: "succeeded",
      input: { images: ["upl_01kaqtwsvf3h5m8w9z0x1c2v3b"], format: "webp" },
      parent: null,
      trial: false,
      files: [],
      progress: 1,
      step: null,
      queuePosition: null,
      held: 2,
      charged: 2,
      returned: 0,
      outputs: [],
      columns: null,
      text: null,
      facts: null,
      error: null,
      createdAt: "2026-11-23T10:00:00.000Z",
      startedAt: "2026-11-23T10:00:00.100Z",
      endedAt: "2026-11-23T10:00:02.200Z",
      expiresAt: "2026-12-23T10:00:00.000Z",
      purged: false,
      attempt: 1,
      cancelRequested: false,
    },
  });

export type RunJson = z.infer<typeof runSchema>;

const objectSchema = z.record(z.string(), z.unknown());
const factsSchema = z.record(z.string(), z.union([z.string(), z.number()])).nullable();

/** A run as its owner sees it in a list: without the content of its results. */
export function runJson(view: RunView): RunJson {
  return {
    ...summary(view),
    files: view.files.map(uploadJson),
    outputs: view.outputs.map((output) => outputJson(output, null)),
    columns: null,
    text: view.text,
    queuePosition: view.queuePosition,
  };
}

/** The same for one run, with its small texts. @throws Refusal not_found */
export async function viewJson(owner: Owner, id: string): Promise<RunJson> {
  const view = await viewRun(owner, id);
  const outputs = await Promise.all(
    view.outputs.map(async (output) =>
      outputJson(output, view.purgedAt ? null : await readOutputText(output)),
    ),
  );
  const tool = outputs.length > 0 ? await toolOfRun(view) : null;
  return { ...runJson(view), outputs, columns: tool?.columns ? [...tool.columns] : null };
}

function summary(run: Run): Omit<RunJson, "files" | "outputs" | "columns" | "text" | "queuePosition"> {
  const { id, tool, status, progress } = run;
  return {
    ...{ id, tool, status, progress },
    input: objectSchema.parse(run.input),
    parent: run.parentId,
    trial: run.trial !== null,
    step: run.progressStep,
    held: creditsJson(run.held),
    charged: creditsJson(run.charged),
    returned: isOver(run) ? creditsJson(run.held - run.charged) : 0,
    facts: factsSchema.parse(run.facts),
    error: run.errorCode === null ? null : { code: run.errorCode, message: run.errorMessage ?? "" },
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    endedAt: run.endedAt?.toISOString() ?? null,
    expiresAt: run.expiresAt.toISOString(),
    purged: run.purgedAt !== null,
    attempt: run.losses + 1,
    cancelRequested: run.cancelRequestedAt !== null,
  };
}

function outputJson(output: Output, text: string | null): RunJson["outputs"][number] {
  const { position, name, mediaType, bytes, width, height } = output;
  const url = `/api/v1/runs/${output.runId}/outputs/${position}`;
  return { position, name, mediaType, bytes, width, height, url, text };
}
