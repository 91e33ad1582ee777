import { and, eq, isNull, ne, sql } from "drizzle-orm";
import { type Actor, recordAct, terminal } from "#platform/audit";
import { db, type Queryable, type Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { users } from "#schema";

/** What a person may do besides their own affairs; rights.ts says which role may do what. */
export const roles = ["user", "support", "analyst", "admin", "owner"] as const;
export type Role = (typeof roles)[number];

/** Somebody who may enter the back office. */
export type StaffMember = {
  id: Id<"user">;
  name: string;
  email: string;
  role: Role;
  createdAt: Date;
};

/** True once somebody owns the site who may sign in; until then a banner asks for it. */
export async function hasOwner(queryable: Queryable = db()): Promise<boolean> {
  const found = await queryable
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, "owner"), isNull(users.suspendedAt)))
    .limit(1);
  return found.length > 0;
}

/** Everybody who is not only a customer, owners first. */
export async function listStaff(queryable: Queryable = db()): Promise<StaffMember[]> {
  return queryable
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      role: users.role,
      createdAt: users.createdAt,
    })
    .from(users)
    .where(ne(users.role, "user"))
    .orderBy(
      sql`array_position(array['owner', 'admin', 'support', 'analyst'], ${users.role})`,
      users.createdAt,
    );
}

/**
 * Makes the user with this mail address an owner: the operator's way in, from the terminal.
 * @throws Refusal not_found when nobody has signed up with it.
 */
export async function makeOwner(email: string): Promise<void> {
  await changeRole({ email }, "owner", { by: terminal });
}

/**
 * Gives somebody a role; `user` takes every other away. On record in the audit log.
 * @throws Refusal not_found for nobody, last_owner when no owner would be left
 */
export async function changeRole(
  whom: { id: Id<"user"> } | { email: string },
  role: Role,
  { by, reason }: { by: Actor; reason?: string },
): Promise<StaffMember> {
  return db().transaction(async (tx) => {
    // Owners first and in order: two owners who demote each other at once must not leave nobody.
    await lockOwners(tx);
    const [user] = await tx
      .select()
      .from(users)
      .where("id" in whom ? eq(users.id, whom.id) : eq(users.email, whom.email.trim().toLowerCase()))
      .for("update");
    if (!user) throw new Refusal("not_found");
    const { id, name, email, createdAt } = user;
    if (user.role !== role) {
      await tx.update(users).set({ role, updatedAt: sql`now()` }).where(eq(users.id, id));
      if (user.role === "owner" && !(await hasOwner(tx))) throw new Refusal("last_owner");
      await recordAct(tx, {
        by,
        action: "role.change",
        object: { type: "user", id },
        customerId: id,
        before: { role: user.role },
        after: { role },
        ...(reason && { reason }),
      });
    }
    return { id, name, email, role, createdAt };
  });
}

/** Owners first and in order, before anybody's role or standing changes. */
export async function lockOwners(tx: Tx): Promise<void> {
  await tx
    .select({ id: users.id })
    .from(users)
    .where(eq(users.role, "owner"))
    .orderBy(users.id)
    .for("update");
}
