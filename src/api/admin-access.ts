import { createRoute, z } from "@hono/zod-openapi";
import { restore, signOutEverywhere, suspend } from "#identity";
import { type CustomerAccess, readCustomerAccess } from "#insight";
import { Refusal } from "#platform/refusal";
import { actRoute } from "./act-route";
import { problems } from "./problem";
import { newRouter } from "./router";
import { creditsJson, creditsSchema, idParam, timeSchema } from "./schemas";
import { needs, requestOf, userIdOf } from "./staff";

/** Who may come in: suspending and restoring a customer, and signing them out everywhere. */

const accessSchema = z
  .object({
    suspendedAt: timeSchema.nullable(),
    devices: z.int().openapi({ description: "Where they are signed in." }),
    keys: z.int().openapi({ description: "Their API keys that work." }),
    runs: z.int().openapi({ description: "Runs that wait or go on." }),
    held: creditsSchema.openapi({ description: "What those runs hold." }),
    autoTopUp: z.boolean(),
    subscribed: z.boolean().openapi({ description: "A suspension does not end the subscription." }),
  })
  .openapi("CustomerAccess");

export type AccessJson = z.infer<typeof accessSchema>;

const tags = ["Back office"];
const params = idParam("A user's id.");
const codes = [
  ...["unauthenticated", "forbidden", "not_found", "malformed_request", "invalid_request"],
  ...["idempotency_conflict", "not_yourself", "last_owner"],
] as const;

const readRoute = createRoute({
  method: "get",
  path: "/admin/customers/{id}/access",
  tags,
  summary: "How a customer comes in",
  description: "What suspending them, or signing them out, would end.",
  ...needs("customers.read"),
  request: { params },
  responses: {
    200: { description: "Now.", content: { "application/json": { schema: accessSchema } } },
    ...problems("unauthenticated", "forbidden", "not_found"),
  },
});

const suspensionSchema = z.object({ suspendedAt: timeSchema.nullable() });
const signedOutSchema = z.object({ devices: z.int().openapi({ description: "How many were signed out." }) });

const done = "It is done, now or by the same key before.";
const suspending = {
  right: "customers.suspend",
  params,
  fields: {},
  codes,
  answer: { description: done, schema: suspensionSchema },
} as const;

const suspendRoute = actRoute({
  ...suspending,
  path: "/admin/customers/{id}/suspend",
  words: {
    summary: "Suspend a customer",
    description:
      "They cannot sign in, every device is signed out, their keys stop within 5 seconds, what runs is cancelled and auto top-up waits. Credits and subscription stay.",
  },
});
const restoreRoute = actRoute({
  ...suspending,
  path: "/admin/customers/{id}/restore",
  words: { summary: "Restore a customer", description: "They may sign in again, and their keys work." },
});
const signOutRoute = actRoute({
  ...{ path: "/admin/customers/{id}/sign-out", right: "customers.signOut", params, fields: {}, codes },
  words: { summary: "Sign a customer out everywhere", description: "Their keys go on." },
  answer: { description: done, schema: signedOutSchema },
});

export const accessOffice = newRouter()
  .openapi(readRoute, async (c) => {
    const access = await readCustomerAccess(userIdOf(c.req.valid("param").id));
    if (!access) throw new Refusal("not_found");
    return c.json(accessJson(access), 200);
  })
  .openapi(suspendRoute, async (c) => {
    const { suspendedAt } = await suspend(
      userIdOf(c.req.valid("param").id),
      requestOf(c, c.req.valid("json")),
    );
    return c.json({ suspendedAt }, 200);
  })
  .openapi(restoreRoute, async (c) => {
    const { suspendedAt } = await restore(
      userIdOf(c.req.valid("param").id),
      requestOf(c, c.req.valid("json")),
    );
    return c.json({ suspendedAt }, 200);
  })
  .openapi(signOutRoute, async (c) => {
    const { devices } = await signOutEverywhere(
      userIdOf(c.req.valid("param").id),
      requestOf(c, c.req.valid("json")),
    );
    return c.json({ devices }, 200);
  });

function accessJson({ suspendedAt, held, ...access }: CustomerAccess): AccessJson {
  return { ...access, suspendedAt: suspendedAt?.toISOString() ?? null, held: creditsJson(held) };
}
