import { createRoute, z } from "@hono/zod-openapi";
import { sql } from "drizzle-orm";
import { db } from "#platform/db";
import { problems } from "./problem";
import { newRouter } from "./router";

const route = createRoute({
  method: "get",
  path: "/api/healthz",
  tags: ["Service"],
  summary: "Whether this process can serve",
  responses: {
    200: {
      description: "The database answers.",
      content: { "application/json": { schema: z.object({ status: z.literal("ok") }) } },
    },
    ...problems(),
  },
});

export const health = newRouter().openapi(route, async (c) => {
  await db().execute(sql`select 1`);
  return c.json({ status: "ok" as const }, 200);
});
