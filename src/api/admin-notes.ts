import { createRoute, z } from "@hono/zod-openapi";
import { mayRole } from "#identity";
import { changeNote, deleteNote, listNotes, type Note, writeNote } from "#insight";
import { type Id, isId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { requireUser } from "./caller";
import { problems } from "./problem";
import { newRouter } from "./router";
import { idParam, pageOf, pageQuery, readCursor, timeSchema, writeCursor } from "./schemas";
import { actorOf, needs, userIdOf } from "./staff";

/** Staff's notes about a customer. */

const textSchema = z.string().trim().min(1).max(4000);
const pinnedSchema = z.boolean().openapi({ description: "Stands above the others." });

const noteSchema = z
  .object({
    id: z.string(),
    text: z.string(),
    pinned: z.boolean(),
    authorId: z.string().nullable(),
    authorName: z.string().nullable().openapi({ description: "Null once the author is gone." }),
    mine: z.boolean().openapi({ description: "Whether whoever asks may change and delete it." }),
    createdAt: timeSchema,
    editedAt: timeSchema.nullable(),
  })
  .openapi("CustomerNote");

export type NoteJson = z.infer<typeof noteSchema>;

const note = { "application/json": { schema: noteSchema } };
const tags = ["Back office"];
const reading = ["unauthenticated", "forbidden", "not_found", "invalid_request"] as const;
const writing = [...reading, "malformed_request"] as const;

const listRoute = createRoute({
  method: "get",
  path: "/admin/customers/{id}/notes",
  tags,
  summary: "Notes about a customer",
  description: "Pinned ones first, then the newest.",
  ...needs("customers.read"),
  request: { params: idParam("A user's id."), query: z.object(pageQuery) },
  responses: {
    200: {
      description: "A page of them.",
      content: { "application/json": { schema: pageOf(noteSchema).openapi("CustomerNotePage") } },
    },
    ...problems(...reading),
  },
});

const writeRoute = createRoute({
  method: "post",
  path: "/admin/customers/{id}/notes",
  tags,
  summary: "Write a note about a customer",
  ...needs("notes.write"),
  request: {
    params: idParam("A user's id."),
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({ text: textSchema, pinned: pinnedSchema.default(false) }),
        },
      },
    },
  },
  responses: { 201: { description: "The note.", content: note }, ...problems(...writing) },
});

const changeRoute = createRoute({
  method: "patch",
  path: "/admin/notes/{id}",
  tags,
  summary: "Change a note",
  description: "Its text by its author, its pin by anybody who writes notes.",
  ...needs("notes.write"),
  request: {
    params: idParam("A note's id."),
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({ text: textSchema.optional(), pinned: pinnedSchema.optional() }),
        },
      },
    },
  },
  responses: { 200: { description: "The note as it is now.", content: note }, ...problems(...writing) },
});

const deleteRoute = createRoute({
  method: "delete",
  path: "/admin/notes/{id}",
  tags,
  summary: "Delete a note of one's own",
  ...needs("notes.write"),
  request: { params: idParam("A note's id.") },
  responses: { 204: { description: "It is gone." }, ...problems(...reading) },
});

export const notes = newRouter()
  .openapi(listRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const [pinned, id] = readCursor(cursor, /^[01] note_[0-9a-z]{26}$/)?.split(" ") ?? [];
    const before = pinned && id ? { pinned: pinned === "1", id } : undefined;
    const page = await listNotes(userIdOf(c.req.valid("param").id), { limit, before });
    const next = page.next && `${page.next.pinned ? 1 : 0} ${page.next.id}`;
    const { user } = requireUser(c);
    return c.json(
      { data: page.notes.map((found) => noteJson(found, user)), nextCursor: writeCursor(next) },
      200,
    );
  })
  .openapi(writeRoute, async (c) => {
    const customer = userIdOf(c.req.valid("param").id);
    return c.json(
      noteJson(await writeNote(customer, c.req.valid("json"), actorOf(c)), requireUser(c).user),
      201,
    );
  })
  .openapi(changeRoute, async (c) => {
    const id = noteOf(c.req.valid("param").id);
    return c.json(noteJson(await changeNote(id, c.req.valid("json"), actorOf(c)), requireUser(c).user), 200);
  })
  .openapi(deleteRoute, async (c) => {
    await deleteNote(noteOf(c.req.valid("param").id), actorOf(c));
    return c.body(null, 204);
  });

function noteOf(id: string): Id<"note"> {
  if (!isId("note", id)) throw new Refusal("not_found");
  return id;
}

type Reader = ReturnType<typeof requireUser>["user"];

function noteJson({ customerId: _, createdAt, editedAt, ...found }: Note, reader: Reader): NoteJson {
  return {
    ...found,
    mine: found.authorId === reader.id && mayRole(reader.role, "notes.write"),
    createdAt: createdAt.toISOString(),
    editedAt: editedAt?.toISOString() ?? null,
  };
}
