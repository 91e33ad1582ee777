import { createRoute, z } from "@hono/zod-openapi";
import { changeView, deleteView, listViews, saveView, type View } from "#insight";
import { type Id, isId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { requireUser } from "./caller";
import { problems } from "./problem";
import { newRouter } from "./router";
import { idParam } from "./schemas";
import { needs } from "./staff";

/** Named filters of the customers' list. They change nothing of a customer, so no act is recorded. */

const nameSchema = z.string().trim().min(1).max(60);
const filterSchema = z
  .record(z.string().regex(/^[a-z]{1,20}$/), z.string().min(1).max(320))
  .refine((filter) => Object.keys(filter).length <= 20, "at most 20 parameters")
  .openapi({ description: "The list's parameters, as they stand in the page's address." });

const viewSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    shared: z.boolean().openapi({ description: "Whether the other staff see it too." }),
    filter: z.record(z.string(), z.string()),
    mine: z.boolean().openapi({ description: "Whether whoever asks may change it." }),
    ownerName: z.string(),
  })
  .openapi("CustomerView");

export type ViewJson = z.infer<typeof viewSchema>;

const view = { "application/json": { schema: viewSchema } };
const tags = ["Back office"];
const right = needs("customers.read");
const reading = ["unauthenticated", "forbidden", "not_found"] as const;
const writing = [...reading, "malformed_request", "invalid_request"] as const;

const listRoute = createRoute({
  method: "get",
  path: "/admin/customer-views",
  tags,
  summary: "Saved views of the customers' list",
  description: "One's own, and those that others share, by name.",
  ...right,
  responses: {
    200: {
      description: "All of them.",
      content: {
        "application/json": { schema: z.object({ data: z.array(viewSchema), nextCursor: z.null() }) },
      },
    },
    ...problems(...reading),
  },
});

const saveRoute = createRoute({
  method: "post",
  path: "/admin/customer-views",
  tags,
  summary: "Save a view",
  ...right,
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            name: nameSchema,
            shared: z.boolean().default(false),
            filter: filterSchema,
          }),
        },
      },
    },
  },
  responses: { 201: { description: "The view.", content: view }, ...problems(...writing) },
});

const changeRoute = createRoute({
  method: "patch",
  path: "/admin/customer-views/{id}",
  tags,
  summary: "Rename or share a view of one's own, or give it another filter",
  ...right,
  request: {
    params: idParam("A view's id."),
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            name: nameSchema.optional(),
            shared: z.boolean().optional(),
            filter: filterSchema.optional(),
          }),
        },
      },
    },
  },
  responses: { 200: { description: "The view as it is now.", content: view }, ...problems(...writing) },
});

const deleteRoute = createRoute({
  method: "delete",
  path: "/admin/customer-views/{id}",
  tags,
  summary: "Delete a view of one's own",
  ...right,
  request: { params: idParam("A view's id.") },
  responses: { 204: { description: "It is gone." }, ...problems(...reading) },
});

export const views = newRouter()
  .openapi(listRoute, async (c) => {
    const { id } = requireUser(c).user;
    return c.json({ data: (await listViews(id)).map((found) => viewJson(found, id)), nextCursor: null }, 200);
  })
  .openapi(saveRoute, async (c) => {
    const { id } = requireUser(c).user;
    return c.json(viewJson(await saveView(id, c.req.valid("json")), id), 201);
  })
  .openapi(changeRoute, async (c) => {
    const { id } = requireUser(c).user;
    const viewId = viewOf(c.req.valid("param").id);
    return c.json(viewJson(await changeView(id, viewId, c.req.valid("json")), id), 200);
  })
  .openapi(deleteRoute, async (c) => {
    await deleteView(requireUser(c).user.id, viewOf(c.req.valid("param").id));
    return c.body(null, 204);
  });

function viewOf(id: string): Id<"view"> {
  if (!isId("view", id)) throw new Refusal("not_found");
  return id;
}

function viewJson({ id, name, shared, filter, ownerId, ownerName }: View, reader: Id<"user">): ViewJson {
  return { id, name, shared, filter, ownerName, mine: ownerId === reader };
}
