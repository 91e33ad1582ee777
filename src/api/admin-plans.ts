import { createRoute, z } from "@hono/zod-openapi";
import {
  discardDraft,
  effectsOf,
  listSyncStates,
  publishDraft,
  readDraft,
  retrySync,
  saveDraft,
  sells,
} from "#billing";
import { catalogueSchema, differenceOf } from "#billing/catalogue-form";
import { readCatalogue } from "#billing/edition";
import { db } from "#platform/db";
import { reasonSchema } from "./admin-staff";
import { requireUser } from "./caller";
import { problems } from "./problem";
import { newRouter } from "./router";
import { timeSchema } from "./schemas";
import { actorOf, needs } from "./staff";

/** Plans and packs: what is on sale, the draft that staff share, what it changes for whom, and publishing it. */

const leaf = z.union([z.string(), z.number(), z.boolean()]).nullable();
const count = z.int();

const officeSchema = z
  .object({
    version: count.openapi({ description: "Of the edition that holds; 0: the seed." }),
    revision: count.openapi({ description: "How often the draft was saved; 0: there is none." }),
    published: catalogueSchema,
    draft: z
      .object({ content: catalogueSchema, savedByMail: z.string().nullable(), savedAt: timeSchema })
      .nullable(),
    changes: z.array(z.object({ path: z.string(), before: leaf, after: leaf })),
    effects: z.array(
      z.object({
        kind: z.enum(["plan", "pack"]),
        id: z.string(),
        archived: z.boolean(),
        ...{ subscribers: count, trials: count, scheduled: count, checkouts: count },
        ...{ topUps: count, topUpsStopped: count, freeCustomers: count },
      }),
    ),
    prices: z.array(
      z.object({
        lookupKey: z.string(),
        currency: z.string(),
        amountCents: z.int(),
        state: z.enum(["synced", "waiting", "failed"]),
        error: z.string().nullable(),
      }),
    ),
    sells: z.boolean().openapi({ description: "False while no payment keys are set." }),
  })
  .openapi("CatalogueOffice");

export type CatalogueOfficeJson = z.infer<typeof officeSchema>;

const seenSchema = z
  .strictObject({ version: count, revision: count })
  .openapi({ description: "What was read before: if it is not so any more, nothing is done." });

const tags = ["Back office"];
const office = { "application/json": { schema: officeSchema } };
const readCodes = ["unauthenticated", "forbidden", "not_found"] as const;
const codes = [...readCodes, "malformed_request", "invalid_request", "draft_stale"] as const;

const body = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { "application/json": { schema } } },
});

const readRoute = createRoute({
  method: "get",
  path: "/admin/catalogue",
  tags,
  summary: "Plans and packs, their draft and what it would change",
  ...needs("plans.read"),
  responses: { 200: { description: "All of it.", content: office }, ...problems(...readCodes) },
});

const saveRoute = createRoute({
  method: "patch",
  path: "/admin/catalogue/draft",
  tags,
  summary: "Save the draft",
  description: "Nobody but staff sees it. Refused with what differs when somebody else saved meanwhile.",
  ...needs("plans.change"),
  request: body(z.strictObject({ seen: seenSchema, content: catalogueSchema })),
  responses: { 200: { description: "As it is now.", content: office }, ...problems(...codes) },
});

const discardRoute = createRoute({
  method: "post",
  path: "/admin/catalogue/draft/discard",
  tags,
  summary: "Throw the draft away",
  ...needs("plans.change"),
  request: body(z.strictObject({ seen: seenSchema })),
  responses: { 200: { description: "As it is now.", content: office }, ...problems(...codes) },
});

const publishRoute = createRoute({
  method: "post",
  path: "/admin/catalogue/publish",
  tags,
  summary: "Put the draft on sale",
  description: "New prices for new customers; whoever has bought keeps what they have. A job tells Stripe.",
  ...needs("plans.change"),
  request: body(z.strictObject({ seen: seenSchema, reason: reasonSchema })),
  responses: { 200: { description: "As it is now.", content: office }, ...problems(...codes) },
});

const syncRoute = createRoute({
  method: "post",
  path: "/admin/catalogue/sync",
  tags,
  summary: "Bring the prices to Stripe again",
  ...needs("plans.change"),
  responses: { 202: { description: "A job does it.", content: office }, ...problems(...readCodes) },
});

export const plansOffice = newRouter()
  .openapi(readRoute, async (c) => c.json(await officeJson(), 200))
  .openapi(saveRoute, async (c) => {
    const { seen, content } = c.req.valid("json");
    await saveDraft(content, seen, requireUser(c).user.id);
    return c.json(await officeJson(), 200);
  })
  .openapi(discardRoute, async (c) => {
    await discardDraft(c.req.valid("json").seen);
    return c.json(await officeJson(), 200);
  })
  .openapi(publishRoute, async (c) => {
    const { seen, reason } = c.req.valid("json");
    await publishDraft(seen, { by: actorOf(c), reason });
    return c.json(await officeJson(), 200);
  })
  .openapi(syncRoute, async (c) => {
    await retrySync(actorOf(c));
    return c.json(await officeJson(), 202);
  });

async function officeJson(): Promise<CatalogueOfficeJson> {
  const [{ version, ...published }, draft, prices] = await Promise.all([
    readCatalogue(db()),
    readDraft(db()),
    listSyncStates(db()),
  ]);
  return officeSchema.parse({
    ...{ version, revision: draft?.revision ?? 0, published, prices, sells: sells() },
    draft: draft && {
      content: draft.content,
      savedByMail: draft.savedByMail,
      savedAt: draft.savedAt.toISOString(),
    },
    changes: draft ? differenceOf(published, draft.content) : [],
    effects: draft ? await effectsOf(published, draft.content) : [],
  });
}
