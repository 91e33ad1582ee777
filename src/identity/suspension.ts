import { and, eq, isNull, ne, sql } from "drizzle-orm";
import { z } from "zod";
import { type ActRequest, actOnce } from "#platform/act-once";
import { type Actor, recordAct } from "#platform/audit";
import { db, type Queryable, type Tx } from "#platform/db";
import type { Id } from "#platform/id";
import { enqueue } from "#platform/queue";
import { Refusal } from "#platform/refusal";
import { accounts, sessions, users } from "#schema";
import { forgetKeys } from "./key-cache";
import { mayRole } from "./rights";
import { lockOwners, roles } from "./role";
import { forgetSuspended } from "./suspended-accounts";

/**
 * Suspending people. It is kept at one place for sessions (`readSession`, and the hook that makes them, in
 * auth.ts), at one for keys (key-cache.ts) and at one for runs, where they begin.
 */

type UserRow = typeof users.$inferSelect;

const suspension = z.object({ suspendedAt: z.iso.datetime().nullable() });
const signedOut = z.object({ devices: z.int() });

/**
 * Suspends somebody: every device is signed out, their keys stop, and jobs end what runs.
 * @throws Refusal not_found, not_yourself, last_owner, forbidden on staff for who may not change staff,
 *   idempotency_conflict
 */
export async function suspend(userId: Id<"user">, request: ActRequest) {
  return change(userId, request, "user.suspend", async (tx, user) => {
    if (user.id === request.by.id) throw new Refusal("not_yourself");
    if (user.role === "owner" && !(await hasOtherOwner(tx, user.id))) throw new Refusal("last_owner");
    if (user.suspendedAt) return user.suspendedAt;
    const at = new Date();
    await tx.update(users).set({ suspendedAt: at, updatedAt: at }).where(eq(users.id, user.id));
    const devices = await endSessions(tx, user.id);
    await record(tx, "user.suspend", user, request, { suspendedAt: at, devices });
    const accountId = await findAccount(tx, user.id);
    // #tools, which lies above, has the job: what began before this commit is seen by it, nothing begins after.
    if (accountId) await enqueue(tx, "run.cancel-all", { accountId });
    return at;
  });
}

/** Lets somebody in again, and their keys work. @throws Refusal as `suspend` */
export async function restore(userId: Id<"user">, request: ActRequest) {
  return change(userId, request, "user.restore", async (tx, user) => {
    if (!user.suspendedAt) return null;
    await tx.update(users).set({ suspendedAt: null, updatedAt: new Date() }).where(eq(users.id, user.id));
    await record(tx, "user.restore", user, request, { suspendedAt: null });
    return null;
  });
}

/** Signs somebody out on every device. @throws Refusal not_found, forbidden, idempotency_conflict */
export async function signOutEverywhere(userId: Id<"user">, request: ActRequest) {
  return db().transaction((tx) =>
    actOnce(tx, request, ["user.signOut", userId], signedOut, async () => {
      const user = await lockUser(tx, userId, request.by);
      const devices = await endSessions(tx, userId);
      await record(tx, "user.signOut", user, request, { devices });
      return { devices };
    }),
  );
}

/** Whether an account's owner is suspended; keeps it so until the transaction ends. */
export async function lockSuspended(tx: Tx, accountId: Id<"account">): Promise<boolean> {
  const [owner] = await ownerOf(tx, accountId).for("share", { of: users });
  return owner?.suspendedAt != null;
}

/** Whether an account's owner is suspended now. */
export async function isSuspended(queryable: Queryable, accountId: Id<"account">): Promise<boolean> {
  const [owner] = await ownerOf(queryable, accountId);
  return owner?.suspendedAt != null;
}

function ownerOf(queryable: Queryable, accountId: Id<"account">) {
  return queryable
    .select({ suspendedAt: users.suspendedAt })
    .from(users)
    .innerJoin(accounts, and(eq(accounts.ownerType, "user"), eq(accounts.ownerId, users.id)))
    .where(eq(accounts.id, accountId));
}

async function change(
  userId: Id<"user">,
  request: ActRequest,
  action: string,
  act: (tx: Tx, user: UserRow) => Promise<Date | null>,
) {
  const done = await db().transaction((tx) =>
    actOnce(tx, request, [action, userId], suspension, async () => {
      // Owners first and in order: two who suspend each other at once must not leave none.
      await lockOwners(tx);
      const suspendedAt = await act(tx, await lockUser(tx, userId, request.by));
      return { suspendedAt: suspendedAt?.toISOString() ?? null };
    }),
  );
  forgetSuspended();
  await forgetKeys();
  return done;
}

/** @throws Refusal not_found; forbidden on staff, whom only those may touch who may change staff */
export async function lockUser(tx: Tx, userId: Id<"user">, by: Actor): Promise<UserRow> {
  const [user] = await tx.select().from(users).where(eq(users.id, userId)).for("update");
  if (!user) throw new Refusal("not_found");
  const role = roles.find((one) => one === by.role);
  if (user.role !== "user" && user.id !== by.id && !(role && mayRole(role, "staff.change"))) {
    throw new Refusal("forbidden", { right: "staff.change" });
  }
  return user;
}

async function hasOtherOwner(tx: Tx, userId: Id<"user">): Promise<boolean> {
  const others = and(eq(users.role, "owner"), ne(users.id, userId), isNull(users.suspendedAt));
  return (await tx.$count(users, others)) > 0;
}

async function endSessions(tx: Tx, userId: Id<"user">): Promise<number> {
  const ended = await tx
    .delete(sessions)
    .where(eq(sessions.userId, userId))
    .returning({ ahead: sql<boolean>`${sessions.expiresAt} > now()` });
  return ended.filter(({ ahead }) => ahead).length;
}

async function findAccount(tx: Tx, userId: Id<"user">): Promise<Id<"account"> | null> {
  const [row] = await tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.ownerType, "user"), eq(accounts.ownerId, userId)));
  return row?.id ?? null;
}

async function record(
  tx: Tx,
  action: "user.suspend" | "user.restore" | "user.signOut",
  user: UserRow,
  { by, reason }: ActRequest,
  after: { suspendedAt?: Date | null; devices?: number },
): Promise<void> {
  await recordAct(tx, {
    ...{ by, action, reason, after },
    object: { type: "user", id: user.id },
    customerId: user.id,
    ...("suspendedAt" in after && { before: { suspendedAt: user.suspendedAt } }),
  });
}
