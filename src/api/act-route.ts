import { createRoute, z } from "@hono/zod-openapi";
import type { Right } from "#identity";
import type { RefusalCode } from "#platform/refusal";
import { reasonSchema } from "./admin-staff";
import { problems } from "./problem";
import { bodyOf, idempotent, json } from "./schemas";
import { needs } from "./staff";

/** An act of the back office: whose right it is, what is sent with its reason, and what it answers. */
export function actRoute<
  const P extends string,
  Params extends z.ZodObject,
  Fields extends z.ZodRawShape,
  Answer extends z.ZodType,
>({
  path,
  right,
  params,
  fields,
  words,
  answer: { description, schema },
  codes,
}: {
  path: P;
  right: Right;
  params: Params;
  fields: Fields;
  words: { summary: string; description: string };
  answer: { description: string; schema: Answer };
  codes: readonly RefusalCode[];
}) {
  return createRoute({
    method: "post",
    path,
    tags: ["Back office"],
    ...words,
    ...needs(right),
    request: {
      params,
      headers: idempotent,
      body: bodyOf(z.strictObject({ ...fields, reason: reasonSchema })),
    },
    responses: { 200: { description, content: json(schema) }, ...problems(...codes) },
  });
}
