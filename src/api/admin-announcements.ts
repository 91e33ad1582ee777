import { createRoute, z } from "@hono/zod-openapi";
import {
  type Announcement,
  changeDraft,
  type Draft,
  discardDraft,
  listAnnouncements,
  previewAnnouncement,
  requireAnnouncement,
  saveDraft,
  sendAnnouncement,
  stopAnnouncement,
} from "#announcements";
import { segmentOf } from "#insight";
import { type Id, isId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { actRoute } from "./act-route";
import { customerFilter, filterSchema, segmentSchema, wordsOf } from "./customer-filter";
import { invalid, problems } from "./problem";
import { newRouter } from "./router";
import {
  bodyOf,
  idempotent,
  idParam,
  json,
  pageOf,
  pageQuery,
  readTimeCursor,
  timeSchema,
  writeTimeCursor,
} from "./schemas";
import { actorOf, needs, requestOf } from "./staff";

/** Announcements: drafted, shown to how many people they would go, sent, stopped. */

const right = "announcements.send";

const draftSchema = z.strictObject({
  title: z.strictObject({ en: z.string().trim().min(1).max(120), zh: z.string().trim().min(1).max(120) }),
  text: z
    .strictObject({ en: z.string().trim().min(1).max(5_000), zh: z.string().trim().min(1).max(5_000) })
    .openapi({ description: "Paragraphs, lists, **bold**, *italic* and [links](https://…)." }),
  banner: z.boolean().openapi({ description: "On top of every page, until each closes it for themselves." }),
  mail: z.boolean().openapi({ description: "By mail too, to those who may be mailed." }),
  filter: segmentSchema,
  view: z
    .record(z.string().regex(/^[a-z]{1,20}$/), z.string().min(1).max(320))
    .refine((view) => Object.keys(view).length <= 20, "at most 20 parameters")
    .default({})
    .openapi({ description: "The same filter as it stands in a page's address, to be opened again." }),
  showsFrom: timeSchema.nullable().default(null),
  showsUntil: timeSchema.nullable().default(null),
});

const announcementSchema = z
  .object({
    id: z.string(),
    title: z.object({ en: z.string(), zh: z.string() }),
    text: z.object({ en: z.string(), zh: z.string() }),
    banner: z.boolean(),
    mail: z.boolean(),
    filter: z.record(z.string(), z.string()),
    view: z.record(z.string(), z.string()),
    showsFrom: timeSchema.nullable(),
    showsUntil: timeSchema.nullable(),
    status: z.enum(["draft", "sending", "sent", "stopped"]),
    people: z.int().openapi({ description: "To how many it went." }),
    toMail: z.int().openapi({ description: "How many of them were to be mailed." }),
    mailed: z.int().openapi({ description: "How many mails have been written." }),
    leftOut: z.int().openapi({ description: "How many could not be mailed any more when their turn came." }),
    createdByMail: z.string().nullable(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
    sentAt: timeSchema.nullable(),
  })
  .openapi("Announcement");

export type AnnouncementJson = z.infer<typeof announcementSchema>;

const previewSchema = z
  .object({
    people: z.int().openapi({ description: "Whoever of the segment is not suspended." }),
    mayMail: z.int().openapi({ description: "With a confirmed address, and who have not ended news." }),
  })
  .openapi("AnnouncementPreview");

export type AnnouncementPreviewJson = z.infer<typeof previewSchema>;

const reading = ["unauthenticated", "forbidden", "not_found"] as const;
const writing = [...reading, "malformed_request", "invalid_request"] as const;
const tags = ["Back office"];
const params = idParam("An announcement's id.");
const one = json(announcementSchema);

const previewRoute = createRoute({
  method: "post",
  path: "/admin/announcements/preview",
  tags,
  summary: "To how many people an announcement would go",
  ...needs(right),
  request: { body: bodyOf(z.strictObject({ filter: segmentSchema })) },
  responses: { 200: { description: "Now.", content: json(previewSchema) }, ...problems(...writing) },
});

const listRoute = createRoute({
  method: "get",
  path: "/admin/announcements",
  tags,
  summary: "Announcements",
  description: "Drafts too, the newest first.",
  ...needs(right),
  request: { query: z.object(pageQuery) },
  responses: {
    200: {
      description: "A page of them.",
      content: json(pageOf(announcementSchema).openapi("AnnouncementPage")),
    },
    ...problems(...reading, "invalid_request"),
  },
});

const oneRoute = createRoute({
  method: "get",
  path: "/admin/announcements/{id}",
  tags,
  summary: "An announcement",
  ...needs(right),
  request: { params },
  responses: { 200: { description: "As it is now.", content: one }, ...problems(...reading) },
});

const saveRoute = createRoute({
  method: "post",
  path: "/admin/announcements",
  tags,
  summary: "Save a draft",
  description: "Nobody is told of it.",
  ...needs(right),
  request: { headers: idempotent, body: bodyOf(draftSchema) },
  responses: {
    201: { description: "The draft; for a repeat, the one that was made.", content: one },
    ...problems(...writing, "idempotency_conflict"),
  },
});

const changeRoute = createRoute({
  method: "put",
  path: "/admin/announcements/{id}",
  tags,
  summary: "Change a draft",
  ...needs(right),
  request: { params, body: bodyOf(draftSchema) },
  responses: {
    200: { description: "As it is now.", content: one },
    ...problems(...writing, "announcement_sent"),
  },
});

const discardRoute = createRoute({
  method: "delete",
  path: "/admin/announcements/{id}",
  tags,
  summary: "Discard a draft",
  ...needs(right),
  request: { params },
  responses: { 204: { description: "It is gone." }, ...problems(...reading, "announcement_sent") },
});

const sendRoute = actRoute({
  path: "/admin/announcements/{id}/send",
  right,
  params,
  fields: {
    updatedAt: timeSchema.openapi({ description: "The draft's, as it was on the screen." }),
    people: z.int().min(1).openapi({
      description: "How many the preview said. If there are more by now, nothing is sent.",
    }),
  },
  words: {
    summary: "Send an announcement",
    description: "To everybody of its segment as it is now. A job writes the mails, one to each person.",
  },
  answer: { description: "It has been sent, or is being mailed.", schema: announcementSchema },
  codes: [
    ...writing,
    ...(["announcement_sent", "draft_stale", "segment_changed", "idempotency_conflict"] as const),
  ],
});

const stopRoute = actRoute({
  path: "/admin/announcements/{id}/stop",
  right,
  params,
  fields: {},
  words: {
    summary: "Stop an announcement",
    description: "No further mail is written, and it is not shown any more. What is in the outbox goes out.",
  },
  answer: { description: "It is over.", schema: announcementSchema },
  codes: [...writing, "idempotency_conflict"],
});

export const announcementsOffice = newRouter()
  .openapi(previewRoute, async (c) => {
    const audience = await segmentOf(customerFilter(c.req.valid("json").filter));
    return c.json(await previewAnnouncement(audience), 200);
  })
  .openapi(listRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const before = readTimeCursor(cursor, /^\d{1,15} ann_[0-9a-z]{26}$/);
    const page = await listAnnouncements({ limit, before });
    const data = page.announcements.map(announcementJson);
    return c.json({ data, nextCursor: writeTimeCursor(page.next) }, 200);
  })
  .openapi(oneRoute, async (c) =>
    c.json(announcementJson(await requireAnnouncement(announcementOf(c.req.valid("param").id))), 200),
  )
  .openapi(saveRoute, async (c) => {
    const draft = draftOf(c.req.valid("json"));
    return c.json(announcementJson(await saveDraft(draft, requestOf(c, { reason: "" }))), 201);
  })
  .openapi(changeRoute, async (c) => {
    const id = announcementOf(c.req.valid("param").id);
    return c.json(announcementJson(await changeDraft(id, draftOf(c.req.valid("json")), actorOf(c))), 200);
  })
  .openapi(discardRoute, async (c) => {
    await discardDraft(announcementOf(c.req.valid("param").id), actorOf(c));
    return c.body(null, 204);
  })
  .openapi(sendRoute, async (c) => {
    const { updatedAt, people, reason } = c.req.valid("json");
    const { id, filter } = await requireAnnouncement(announcementOf(c.req.valid("param").id));
    const audience = await segmentOf(customerFilter(filterSchema.parse(filter)));
    const seen = { updatedAt: new Date(updatedAt), people };
    return c.json(
      announcementJson(await sendAnnouncement(id, audience, seen, requestOf(c, { reason }))),
      200,
    );
  })
  .openapi(stopRoute, async (c) => {
    const id = announcementOf(c.req.valid("param").id);
    return c.json(announcementJson(await stopAnnouncement(id, requestOf(c, c.req.valid("json")))), 200);
  });

function announcementOf(id: string): Id<"announcement"> {
  if (!isId("announcement", id)) throw new Refusal("not_found");
  return id;
}

function draftOf(wanted: z.infer<typeof draftSchema>): Draft {
  const { title, text, banner, mail, filter, view } = wanted;
  const timeOf = (at: string | null) => (at === null ? null : new Date(at));
  const [showsFrom, showsUntil] = [timeOf(wanted.showsFrom), timeOf(wanted.showsUntil)];
  if (showsUntil && showsUntil.getTime() <= Math.max(showsFrom?.getTime() ?? 0, Date.now())) {
    throw invalid([{ path: "showsUntil", message: "a time to come, after showsFrom" }]);
  }
  return {
    ...{ titleEn: title.en, titleZh: title.zh, textEn: text.en, textZh: text.zh },
    ...{ banner, mail, filter: wordsOf(filter), view, showsFrom, showsUntil },
  };
}

function announcementJson(announcement: Announcement): AnnouncementJson {
  const { titleEn, titleZh, textEn, textZh, createdBy: _, createdAt, updatedAt, ...rest } = announcement;
  return {
    ...rest,
    title: { en: titleEn, zh: titleZh },
    text: { en: textEn, zh: textZh },
    showsFrom: rest.showsFrom?.toISOString() ?? null,
    showsUntil: rest.showsUntil?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    sentAt: rest.sentAt?.toISOString() ?? null,
  };
}
