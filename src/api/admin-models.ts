import { createRoute, z } from "@hono/zod-openapi";
import {
  addModel,
  addProvider,
  archiveModel,
  archiveProvider,
  changeModel,
  changeProvider,
  listProviders,
  type ModelWish,
  modelKinds,
  type Provider,
  protocols,
  testKept,
  testProvider,
} from "#models";
import { type Id, isId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { problems } from "./problem";
import { newRouter } from "./router";
import { bodyOf, idParam, json, timeSchema } from "./schemas";
import { actorOf, needs } from "./staff";

/** Providers of models, the models, and what they cost. */

const tags = ["Back office"];
const mostMicros = 1_000_000_000_000;

const nameSchema = z.string().trim().min(1).max(80);
const urlSchema = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((url) => URL.canParse(url) && new URL(url).username === "", "without a name and password in it")
  .openapi({ description: "Up to and with `/v1`.", example: "https://api.openai.com/v1" });
const keySchema = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{1,500}$/, "visible ASCII characters")
  .nullable()
  .openapi({ description: "Kept encrypted, and never told again." });
const countSchema = z.int().min(1).max(100_000).nullable();
const costSchema = z.int().min(0).max(mostMicros).nullable().openapi({
  description: "Millionths of a US dollar; null when it is not known.",
});

const providerFields = {
  name: nameSchema,
  protocol: z.enum(protocols).default("openai").openapi({ description: "Whose API it speaks." }),
  baseUrl: urlSchema,
  enabled: z.boolean(),
  maxConcurrent: countSchema.openapi({ description: "Answers at once; null: any number." }),
  maxPerMinute: countSchema.openapi({ description: "Answers begun in a minute; null: any number." }),
};
const modelFields = {
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .openapi({ description: "As its provider calls it.", example: "gpt-5-mini" }),
  label: nameSchema,
  kind: z.enum(modelKinds),
  inputCost: costSchema.openapi({ description: "Of a million tokens read, in millionths of a US dollar." }),
  outputCost: costSchema.openapi({ description: "Of a million tokens written." }),
  imageCost: costSchema.openapi({ description: "Of an image." }),
  contextTokens: z.int().min(1).max(100_000_000).nullable(),
  enabled: z.boolean(),
};

const modelSchema = z
  .object({
    id: z.string(),
    ...modelFields,
    position: z.number().openapi({ description: "The lower, the earlier it is asked." }),
  })
  .openapi("ModelOfProvider");
const providerSchema = z
  .object({
    id: z.string(),
    ...providerFields,
    keyHint: z
      .string()
      .nullable()
      .openapi({ description: "The key's last characters; empty for a short one, null without one." }),
    keyLost: z.boolean().openapi({ description: "AUTH_SECRET has changed: enter the key anew." }),
    failures: z.int().openapi({ description: "Since it last answered." }),
    restsUntil: timeSchema.nullable().openapi({ description: "It failed, and is asked last until then." }),
    lastError: z.string().nullable(),
    lastErrorAt: timeSchema.nullable(),
    models: z.array(modelSchema),
  })
  .openapi("Provider");
const testedSchema = z
  .object({
    models: z.array(z.string()).nullable().openapi({ description: "What it serves; null when it failed." }),
    error: z.string().nullable(),
    answered: z.boolean().openapi({ description: "False when nobody answered there." }),
  })
  .openapi("ProviderTest");

export type ProviderJson = z.infer<typeof providerSchema>;
export type ModelJson = z.infer<typeof modelSchema>;
export type ProviderTestJson = z.infer<typeof testedSchema>;

const made = json(z.object({ id: z.string() }));
const reading = ["unauthenticated", "forbidden", "not_found"] as const;
const writing = [...reading, "malformed_request", "invalid_request"] as const;
const read = needs("models.read");
const change = needs("models.change");
const ofProvider = idParam("A provider's id.");
const ofModel = idParam("A model's id.");
const done = { 204: { description: "It is done." }, ...problems(...writing) };

const listRoute = createRoute({
  ...{ method: "get", path: "/admin/providers", tags, summary: "Providers of models", ...read },
  responses: {
    200: {
      description: "All of them.",
      content: json(z.object({ data: z.array(providerSchema), nextCursor: z.null() })),
    },
    ...problems(...reading),
  },
});
const addRoute = createRoute({
  ...{ method: "post", path: "/admin/providers", tags, summary: "Add a provider", ...change },
  request: { body: bodyOf(z.strictObject({ ...providerFields, key: keySchema })) },
  responses: { 201: { description: "It is there.", content: made }, ...problems(...writing) },
});
const changeRoute = createRoute({
  ...{ method: "patch", path: "/admin/providers/{id}", tags, summary: "Change a provider", ...change },
  description:
    "Without `key` the key stays, unless it is another server. It is asked again at once, if it rested.",
  request: {
    params: ofProvider,
    body: bodyOf(z.strictObject({ ...providerFields, key: keySchema.optional() })),
  },
  responses: done,
});
const archiveRoute = createRoute({
  ...{ method: "delete", path: "/admin/providers/{id}", tags, summary: "Archive a provider", ...change },
  description: "With its models; its key is forgotten.",
  request: { params: ofProvider },
  responses: done,
});
const testRoute = createRoute({
  ...{ method: "post", path: "/admin/providers/test", tags, summary: "Test a provider", ...change },
  description:
    "Asks it for its models: one that is kept, or one that is about to be added. One that is kept and answers rests no more.",
  request: {
    body: bodyOf(
      z.union([
        z.strictObject({ id: z.string().max(64) }),
        z.strictObject({ protocol: z.enum(protocols).default("openai"), baseUrl: urlSchema, key: keySchema }),
      ]),
    ),
  },
  responses: { 200: { description: "What it said.", content: json(testedSchema) }, ...problems(...writing) },
});
const addModelRoute = createRoute({
  ...{ method: "post", path: "/admin/providers/{id}/models", tags, summary: "Add a model", ...change },
  request: { params: ofProvider, body: bodyOf(z.strictObject(modelFields)) },
  responses: { 201: { description: "It is there.", content: made }, ...problems(...writing) },
});
const changeModelRoute = createRoute({
  ...{ method: "patch", path: "/admin/models/{id}", tags, summary: "Change or move a model", ...change },
  request: {
    params: ofModel,
    body: bodyOf(
      z.strictObject({
        ...modelFields,
        before: z.string().max(64).nullable().optional().openapi({
          description: "The model before which it is asked from now on; null: last; left out: as it was.",
        }),
      }),
    ),
  },
  responses: done,
});
const archiveModelRoute = createRoute({
  ...{ method: "delete", path: "/admin/models/{id}", tags, summary: "Archive a model", ...change },
  request: { params: ofModel },
  responses: done,
});

export const modelsOffice = newRouter()
  .openapi(listRoute, async (c) => {
    return c.json({ data: (await listProviders()).map(providerJson), nextCursor: null }, 200);
  })
  .openapi(addRoute, async (c) => {
    return c.json({ id: await addProvider(c.req.valid("json"), actorOf(c)) }, 201);
  })
  .openapi(changeRoute, async (c) => {
    await changeProvider(providerOf(c.req.valid("param").id), c.req.valid("json"), actorOf(c));
    return c.body(null, 204);
  })
  .openapi(archiveRoute, async (c) => {
    await archiveProvider(providerOf(c.req.valid("param").id), actorOf(c));
    return c.body(null, 204);
  })
  .openapi(testRoute, async (c) => {
    const asked = c.req.valid("json");
    const found = "id" in asked ? await testKept(providerOf(asked.id)) : await testProvider(asked);
    return c.json({ models: null, error: null, answered: true, ...found }, 200);
  })
  .openapi(addModelRoute, async (c) => {
    const wish = wishOf(c.req.valid("json"));
    return c.json({ id: await addModel(providerOf(c.req.valid("param").id), wish, actorOf(c)) }, 201);
  })
  .openapi(changeModelRoute, async (c) => {
    const { before, ...fields } = c.req.valid("json");
    const place = before === undefined ? {} : { before: before === null ? null : modelOf(before) };
    await changeModel(modelOf(c.req.valid("param").id), wishOf(fields), place, actorOf(c));
    return c.body(null, 204);
  })
  .openapi(archiveModelRoute, async (c) => {
    await archiveModel(modelOf(c.req.valid("param").id), actorOf(c));
    return c.body(null, 204);
  });

function providerOf(id: string): Id<"provider"> {
  if (!isId("provider", id)) throw new Refusal("not_found");
  return id;
}

function modelOf(id: string): Id<"model"> {
  if (!isId("model", id)) throw new Refusal("not_found");
  return id;
}

type ModelFields = Omit<ModelJson, "id" | "position">;

function wishOf({ inputCost, outputCost, imageCost, ...wish }: ModelFields): ModelWish {
  const micros = (cost: number | null) => (cost === null ? null : BigInt(cost));
  return {
    ...wish,
    ...{ inputCost: micros(inputCost), outputCost: micros(outputCost), imageCost: micros(imageCost) },
  };
}

function providerJson({
  createdAt: _,
  restsUntil,
  lastErrorAt,
  models,
  ...provider
}: Provider): ProviderJson {
  const number = (cost: bigint | null) => (cost === null ? null : Number(cost));
  return {
    ...provider,
    restsUntil: restsUntil?.toISOString() ?? null,
    lastErrorAt: lastErrorAt?.toISOString() ?? null,
    models: models.map(({ id, name, label, kind, contextTokens, enabled, position, ...costs }) => ({
      ...{ id, name, label, kind, contextTokens, enabled, position },
      inputCost: number(costs.inputCost),
      outputCost: number(costs.outputCost),
      imageCost: number(costs.imageCost),
    })),
  };
}
