import { createRoute, z } from "@hono/zod-openapi";
import { dismissBanner, listTold, markRead, type Told } from "#announcements";
import { type Id, isId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { requireUser } from "./caller";
import { problems } from "./problem";
import { newRouter } from "./router";
import { bodyOf, idParam, json, timeSchema } from "./schemas";

/** What the operator tells its customers, for the list behind the bell and the banner. */

const words = z.object({ en: z.string(), zh: z.string() });

const toldSchema = z
  .object({
    id: z.string(),
    title: words,
    text: words.openapi({ description: "Paragraphs, lists, **bold**, *italic* and [links](https://…)." }),
    banner: z.boolean().openapi({ description: "Whether it stands on top of the page: until you close it." }),
    read: z.boolean(),
    at: timeSchema,
  })
  .openapi("News");

export type NewsJson = z.infer<typeof toldSchema>;

const tags = ["You"];

const listRoute = createRoute({
  method: "get",
  path: "/me/announcements",
  tags,
  summary: "Announcements for you",
  description: "Those that are shown now, the newest first.",
  responses: {
    200: {
      description: "At most 50.",
      content: json(z.object({ data: z.array(toldSchema), unread: z.int(), nextCursor: z.null() })),
    },
    ...problems("unauthenticated"),
  },
});

const readRoute = createRoute({
  method: "post",
  path: "/me/announcements/read",
  tags,
  summary: "Say which announcements you have seen",
  request: { body: bodyOf(z.strictObject({ ids: z.array(z.string().max(64)).max(50) })) },
  responses: {
    204: { description: "They count as read." },
    ...problems("unauthenticated", "malformed_request", "invalid_request"),
  },
});

const dismissRoute = createRoute({
  method: "post",
  path: "/me/announcements/{id}/dismiss",
  tags,
  summary: "Close an announcement's banner",
  description: "On every device; it stays in the list.",
  request: { params: idParam("An announcement's id.") },
  responses: { 204: { description: "It is closed." }, ...problems("unauthenticated", "not_found") },
});

export const announcements = newRouter()
  .openapi(listRoute, async (c) => {
    const data = (await listTold(requireUser(c).user.id)).map(toldJson);
    return c.json({ data, unread: data.filter(({ read }) => !read).length, nextCursor: null }, 200);
  })
  .openapi(readRoute, async (c) => {
    const ids = c.req.valid("json").ids.filter(isAnnouncement);
    await markRead(requireUser(c).user.id, ids);
    return c.body(null, 204);
  })
  .openapi(dismissRoute, async (c) => {
    const { id } = c.req.valid("param");
    if (!isAnnouncement(id)) throw new Refusal("not_found");
    await dismissBanner(requireUser(c).user.id, id);
    return c.body(null, 204);
  });

function isAnnouncement(id: string): id is Id<"announcement"> {
  return isId("announcement", id);
}

function toldJson({ at, ...told }: Told): NewsJson {
  return { ...told, at: at.toISOString() };
}
