import { createRoute, z } from "@hono/zod-openapi";
import { choosable, chooseMails, readMailChoices, unsubscribe } from "#credits";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { requireUser } from "./caller";
import { problems } from "./problem";
import { newRouter } from "./router";

/** Which mails come: chosen on the account page, or ended by a mail's own link without signing in. */

const choicesSchema = z
  .object({
    expiring: z.boolean().openapi({ description: "Credits that expire in 30 and in 7 days." }),
    lowBalance: z.boolean().openapi({ description: "A balance that has become low." }),
    news: z.boolean().openapi({ description: "Announcements." }),
  })
  .openapi("MailChoices");

export type MailChoicesJson = z.infer<typeof choicesSchema>;

const choices = { "application/json": { schema: choicesSchema } };
const tokenQuery = z.object({ token: z.string().min(1).max(300) });

const readRoute = createRoute({
  method: "get",
  path: "/me/mail-choices",
  tags: ["You"],
  summary: "Which mails you get",
  responses: { 200: { description: "Your choices.", content: choices }, ...problems("unauthenticated") },
});

const changeRoute = createRoute({
  method: "patch",
  path: "/me/mail-choices",
  tags: ["You"],
  summary: "Choose which mails you get",
  request: { body: { required: true, content: { "application/json": { schema: choicesSchema.partial() } } } },
  responses: {
    200: { description: "Your choices. What was left out stays.", content: choices },
    ...problems("unauthenticated", "malformed_request", "invalid_request"),
  },
});

const lookRoute = createRoute({
  method: "get",
  path: "/unsubscribe",
  tags: ["You"],
  summary: "Where a mail's link leads",
  description: "To the page that asks; a link that is only looked at ends nothing.",
  request: { query: tokenQuery },
  responses: { 303: { description: "To the page." }, ...problems("invalid_request") },
});

const endRoute = createRoute({
  method: "post",
  path: "/unsubscribe",
  tags: ["You"],
  summary: "End one kind of mail",
  description: "By the token of a mail's link, without signing in; with one click, as in RFC 8058.",
  request: { query: tokenQuery },
  responses: {
    200: {
      description: "This kind has ended.",
      content: { "application/json": { schema: z.object({ kind: z.enum(choosable) }) } },
    },
    ...problems("link_invalid", "invalid_request"),
  },
});

export const unsubscribing = newRouter()
  .openapi(readRoute, async (c) => c.json(await readMailChoices(db(), requireUser(c).user.id), 200))
  .openapi(changeRoute, async (c) => {
    const { expiring, lowBalance, news } = c.req.valid("json");
    const change = {
      ...(expiring !== undefined && { expiring }),
      ...(lowBalance !== undefined && { lowBalance }),
      ...(news !== undefined && { news }),
    };
    return c.json(await chooseMails(requireUser(c).user.id, change), 200);
  })
  .openapi(lookRoute, (c) => {
    const { token } = c.req.valid("query");
    return c.redirect(`${config().baseUrl}/unsubscribe?token=${encodeURIComponent(token)}`, 303);
  })
  .openapi(endRoute, async (c) => c.json({ kind: await unsubscribe(c.req.valid("query").token) }, 200));
