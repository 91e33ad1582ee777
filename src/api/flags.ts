import { createRoute, z } from "@hono/zod-openapi";
import { flagsOf } from "#flags";
import { accountCodes, accountRequest, requireAccount } from "./caller";
import { problems } from "./problem";
import { newRouter } from "./router";
import { json } from "./schemas";

/** Which features are on, for whoever asks. */

const mineRoute = createRoute({
  method: "get",
  path: "/flags",
  tags: ["You"],
  summary: "Which features are on for you",
  description: "Every feature flag of the site. One that is not there is off.",
  request: accountRequest,
  responses: {
    200: {
      description: "By key.",
      content: json(z.object({ flags: z.record(z.string(), z.boolean()) }).openapi("Flags")),
    },
    ...problems(...accountCodes),
  },
});

export const flags = newRouter().openapi(mineRoute, async (c) =>
  c.json({ flags: await flagsOf(await requireAccount(c, "credits.read")) }, 200),
);
