import { z } from "zod";
import { api } from "./app";

/** For this module's tests: the API's own description, read as a client reads it. */

const json = z.record(z.string(), z.unknown());
export type JsonSchema = z.infer<typeof json>;

const parameter = z.object({
  name: z.string(),
  in: z.enum(["path", "query", "header"]),
  required: z.boolean().default(false),
  schema: json.default({}),
});
export type Parameter = z.infer<typeof parameter>;

const operation = z.object({
  summary: z.string(),
  tags: z.array(z.string()).min(1),
  parameters: z.array(parameter).default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: json })) }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string().min(1) })),
});

const documentSchema = z.looseObject({
  openapi: z.literal("3.1.0"),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), json) }),
});

export async function readDocument() {
  return documentSchema.parse(await (await api.request("/api/openapi.json")).json());
}

/** A method on a path, as the description has it. */
export type Route = z.infer<typeof operation> & { method: string; path: string; name: string };

/** Every route of the description; `name` is `POST /api/v1/runs/{id}/cancel`. */
export async function readRoutes(): Promise<Route[]> {
  const { paths } = await readDocument();
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([verb, route]) => {
      const method = verb.toUpperCase();
      return { ...route, method, path, name: `${method} ${path}` };
    }),
  );
}
