import { createRoute, z } from "@hono/zod-openapi";
import { listMails, type MailView, mailStatuses, readMail, sendAgain } from "#insight";
import { problems } from "./problem";
import { newRouter } from "./router";
import { idParam, pageOf, pageQuery, readCursor, timeSchema, writeCursor } from "./schemas";
import { actorOf, needs } from "./staff";

/** Mails: to whom, of what kind, and what became of them. */

const facts = {
  id: z.string(),
  recipient: z.string(),
  kind: z.string().openapi({ example: "welcome" }),
  locale: z.enum(["en", "zh"]),
  subject: z.string(),
  secret: z.boolean().openapi({ description: "Its links let their reader in: its text is shown to nobody." }),
  status: z.enum(mailStatuses),
  attempts: z.int(),
  error: z.string().nullable().openapi({ description: "What the mail server said last." }),
  createdAt: timeSchema,
  sentAt: timeSchema.nullable(),
};
const mailSchema = z.object(facts).openapi("SentMail");
const textSchema = z
  .object({ ...facts, text: z.string().nullable().openapi({ description: "Null for a secret one." }) })
  .openapi("SentMailText");

export type MailJson = z.infer<typeof mailSchema>;
export type MailTextJson = z.infer<typeof textSchema>;

const tags = ["Back office"];

const listRoute = createRoute({
  method: "get",
  path: "/admin/mails",
  tags,
  summary: "Mails",
  description: "Newest first, without their text.",
  ...needs("mails.read"),
  request: {
    query: z.object({
      status: z.enum(mailStatuses).optional(),
      kind: z.string().max(64).optional(),
      to: z
        .string()
        .max(320)
        .optional()
        .openapi({ description: "The beginning of the recipient's address." }),
      ...pageQuery,
    }),
  },
  responses: {
    200: {
      description: "A page of mails.",
      content: { "application/json": { schema: pageOf(mailSchema).openapi("SentMailPage") } },
    },
    ...problems("unauthenticated", "forbidden", "not_found", "invalid_request"),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/admin/mails/{id}",
  tags,
  summary: "A mail with its text",
  ...needs("mails.read"),
  request: { params: idParam("The mail's id.") },
  responses: {
    200: { description: "The mail.", content: { "application/json": { schema: textSchema } } },
    ...problems("unauthenticated", "forbidden", "not_found"),
  },
});

const resendRoute = createRoute({
  method: "post",
  path: "/admin/mails/{id}/resend",
  tags,
  summary: "Send a mail again",
  description: "One that could not be sent, and whose text was kept.",
  ...needs("mails.resend"),
  request: { params: idParam("The mail's id.") },
  responses: {
    202: { description: "It waits.", content: { "application/json": { schema: mailSchema } } },
    ...problems("unauthenticated", "forbidden", "not_found", "mail_not_failed", "mail_not_kept"),
  },
});

export const mailsOffice = newRouter()
  .openapi(listRoute, async (c) => {
    const { cursor, limit, ...filter } = c.req.valid("query");
    const before = readCursor(cursor, /^mail_[0-9a-z]{26}$/);
    const { mails, next } = await listMails(filter, { limit, before });
    return c.json({ data: mails.map(mailJson), nextCursor: writeCursor(next) }, 200);
  })
  .openapi(readRoute, async (c) => {
    const { text, ...mail } = await readMail(c.req.valid("param").id);
    return c.json({ ...mailJson(mail), text }, 200);
  })
  .openapi(resendRoute, async (c) =>
    c.json(mailJson(await sendAgain(c.req.valid("param").id, actorOf(c))), 202),
  );

function mailJson({ createdAt, sentAt, ...mail }: MailView): MailJson {
  return { ...mail, createdAt: createdAt.toISOString(), sentAt: sentAt?.toISOString() ?? null };
}
