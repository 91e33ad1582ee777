import { and, asc, count, eq, or, sql } from "drizzle-orm";
import { db } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { customerViews, users } from "#schema";

/** Named filters of the customers' list: a member's own, and those that others share. */

export type View = typeof customerViews.$inferSelect & { ownerName: string };
type ViewId = Id<"view">;
type Change = { name?: string | undefined; shared?: boolean | undefined; filter?: Filter | undefined };
type Filter = Record<string, string>;

/** So many a member may have; they stand in one line. */
const most = 50;

/** Those that this member sees, by name. */
export async function listViews(userId: Id<"user">): Promise<View[]> {
  const rows = await select()
    .where(or(eq(customerViews.ownerId, userId), customerViews.shared))
    .orderBy(asc(sql`lower(${customerViews.name})`), asc(customerViews.id));
  return rows.map(viewOf);
}

/** @throws Refusal invalid_request for a name that the member has given before, or too many views */
export async function saveView(
  ownerId: Id<"user">,
  view: { name: string; shared: boolean; filter: Filter },
): Promise<View> {
  const [has] = await db()
    .select({ views: count() })
    .from(customerViews)
    .where(eq(customerViews.ownerId, ownerId));
  if ((has?.views ?? 0) >= most) throw wrongName(`At most ${most} views each.`);
  const id = newId("view");
  const made = await db()
    .insert(customerViews)
    .values({ id, ownerId, ...view })
    .onConflictDoNothing()
    .returning({ id: customerViews.id });
  if (made.length === 0) throw wrongName("You have a view of this name.");
  return requireView(id);
}

/**
 * Renames a view, shares it or not, or gives it another filter.
 * @throws Refusal not_found for what is not the member's own; invalid_request as above
 */
export async function changeView(ownerId: Id<"user">, id: ViewId, change: Change): Promise<View> {
  const { name, shared, filter } = change;
  const mine = and(eq(customerViews.id, id), eq(customerViews.ownerId, ownerId));
  await db().transaction(async (tx) => {
    const [view] = await tx.select().from(customerViews).where(mine).for("update");
    if (!view) throw new Refusal("not_found");
    if (name !== undefined) {
      const same = and(
        eq(customerViews.ownerId, ownerId),
        sql`lower(${customerViews.name}) = lower(${name})`,
        sql`${customerViews.id} <> ${id}`,
      );
      const [taken] = await tx.select({ id: customerViews.id }).from(customerViews).where(same);
      if (taken) throw wrongName("You have a view of this name.");
    }
    await tx
      .update(customerViews)
      .set({
        name: name ?? view.name,
        shared: shared ?? view.shared,
        filter: filter ?? view.filter,
      })
      .where(mine);
  });
  return requireView(id);
}

/** @throws Refusal not_found for what is not the member's own */
export async function deleteView(ownerId: Id<"user">, id: ViewId): Promise<void> {
  const gone = await db()
    .delete(customerViews)
    .where(and(eq(customerViews.id, id), eq(customerViews.ownerId, ownerId)))
    .returning({ id: customerViews.id });
  if (gone.length === 0) throw new Refusal("not_found");
}

function select() {
  return db()
    .select({ view: customerViews, name: users.name, email: users.email })
    .from(customerViews)
    .innerJoin(users, eq(users.id, customerViews.ownerId))
    .$dynamic();
}

function viewOf({ view, name, email }: Awaited<ReturnType<typeof select>>[number]): View {
  return { ...view, ownerName: name || email };
}

async function requireView(id: ViewId): Promise<View> {
  const [row] = await select().where(eq(customerViews.id, id));
  if (!row) throw new Refusal("not_found");
  return viewOf(row);
}

function wrongName(message: string): Refusal {
  return new Refusal("invalid_request", { errors: [{ path: "name", message }] });
}
