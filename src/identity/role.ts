import { eq, sql } from "drizzle-orm";
import { db, type Queryable } from "#platform/db";
import { Refusal } from "#platform/refusal";
import { users } from "#schema";

/**
 * What a person may do besides their own affairs. Support sees customers, analysts see figures, admins
 * change things, owners also make admins.
 */
export const roles = ["user", "support", "analyst", "admin", "owner"] as const;
export type Role = (typeof roles)[number];

/** True once somebody owns the site; until then a banner asks for it. */
export async function hasOwner(queryable: Queryable = db()): Promise<boolean> {
  const found = await queryable.select({ id: users.id }).from(users).where(eq(users.role, "owner")).limit(1);
  return found.length > 0;
}

/**
 * Makes the user with this mail address an owner: the operator's way in, from the terminal.
 * @throws Refusal not_found when nobody has signed up with it.
 */
export async function makeOwner(email: string): Promise<void> {
  await grantRole(email, "owner");
}

/**
 * Gives the user with this mail address a role.
 * @throws Refusal not_found when nobody has signed up with it.
 */
export async function grantRole(email: string, role: Role): Promise<void> {
  const changed = await db()
    .update(users)
    .set({ role, updatedAt: sql`now()` })
    .where(eq(users.email, email.trim().toLowerCase()))
    .returning({ id: users.id });
  if (changed.length === 0) throw new Refusal("not_found");
}
