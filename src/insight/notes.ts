import { and, desc, eq, sql } from "drizzle-orm";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Tx } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { customerNotes, users } from "#schema";

/**
 * What staff write about a customer for each other. Each author changes and deletes their own; anybody who
 * writes notes may pin one. The audit log tells that it was done, not what was written: it is never deleted,
 * and notes go with their customer.
 */

export type Note = typeof customerNotes.$inferSelect & {
  /** Null once the author is gone. */
  authorName: string | null;
};

type NoteId = Id<"note">;

/** A page's end, from which the next goes on. */
export type NoteCursor = { pinned: boolean; id: string };

/** Pinned notes first, then the newest. */
export async function listNotes(
  customerId: Id<"user">,
  { limit, before }: { limit: number; before?: NoteCursor | undefined },
): Promise<{ notes: Note[]; next: NoteCursor | null }> {
  const { pinned, id } = customerNotes;
  const rows = await select()
    .where(
      and(
        eq(customerNotes.customerId, customerId),
        before && sql`(${pinned}, ${id}) < (${before.pinned}, ${before.id})`,
      ),
    )
    .orderBy(desc(pinned), desc(id))
    .limit(limit + 1);
  const notes = rows.slice(0, limit).map(noteOf);
  const last = notes.at(-1);
  return { notes, next: rows.length > limit && last ? { pinned: last.pinned, id: last.id } : null };
}

/** @throws Refusal not_found when there is no such customer */
export async function writeNote(
  customerId: Id<"user">,
  { text, pinned }: { text: string; pinned: boolean },
  by: Actor,
): Promise<Note> {
  const id = newId("note");
  await db().transaction(async (tx) => {
    const [customer] = await tx.select({ id: users.id }).from(users).where(eq(users.id, customerId));
    if (!customer) throw new Refusal("not_found");
    await tx.insert(customerNotes).values({ id, customerId, authorId: by.id, text, pinned });
    await recordAct(tx, { by, action: "note.write", ...objectOf(id, customerId), after: { pinned } });
  });
  return requireNote(id);
}

/**
 * Changes a note: its text by its author, its pin by anybody who writes notes.
 * @throws Refusal not_found, forbidden for another's text
 */
export async function changeNote(
  id: NoteId,
  change: { text?: string | undefined; pinned?: boolean | undefined },
  by: Actor,
): Promise<Note> {
  await db().transaction(async (tx) => {
    const note = await lock(tx, id);
    const edited = change.text !== undefined && change.text !== note.text;
    if (edited) requireAuthor(note, by);
    const pinned = change.pinned ?? note.pinned;
    if (!edited && pinned === note.pinned) return;
    await tx
      .update(customerNotes)
      .set({ pinned, ...(edited && { text: change.text, editedAt: sql`clock_timestamp()` }) })
      .where(eq(customerNotes.id, id));
    await recordAct(tx, {
      ...{ by, action: "note.change", ...objectOf(id, note.customerId) },
      before: { pinned: note.pinned },
      after: { pinned, edited },
    });
  });
  return requireNote(id);
}

/** @throws Refusal not_found, forbidden for another's note */
export async function deleteNote(id: NoteId, by: Actor): Promise<void> {
  await db().transaction(async (tx) => {
    const note = await lock(tx, id);
    requireAuthor(note, by);
    await tx.delete(customerNotes).where(eq(customerNotes.id, id));
    await recordAct(tx, { by, action: "note.delete", ...objectOf(id, note.customerId) });
  });
}

function select() {
  return db()
    .select({ note: customerNotes, name: users.name, email: users.email })
    .from(customerNotes)
    .leftJoin(users, eq(users.id, customerNotes.authorId))
    .$dynamic();
}

type Row = Awaited<ReturnType<typeof select>>[number];

function noteOf({ note, name, email }: Row): Note {
  return { ...note, authorName: name || email };
}

async function requireNote(id: NoteId): Promise<Note> {
  const [row] = await select().where(eq(customerNotes.id, id));
  if (!row) throw new Refusal("not_found");
  return noteOf(row);
}

async function lock(tx: Tx, id: NoteId) {
  const [note] = await tx.select().from(customerNotes).where(eq(customerNotes.id, id)).for("update");
  if (!note) throw new Refusal("not_found");
  return note;
}

function requireAuthor(note: { authorId: Id<"user"> | null }, by: Actor): void {
  if (note.authorId === null || note.authorId !== by.id) throw new Refusal("forbidden");
}

function objectOf(id: NoteId, customerId: Id<"user">) {
  return { object: { type: "note", id }, customerId };
}
