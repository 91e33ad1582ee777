import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { accounts, sessions, users, viewings } from "#schema";
import { accountOf } from "./account";
import { readSignedCookie } from "./cookie";
import { deviceOf } from "./device";
import { isStaff, mayRole } from "./rights";
import type { Role } from "./role";
import { confirmedDays, needsCode } from "./staff-step";

export type User = {
  id: Id<"user">;
  name: string;
  email: string;
  emailVerified: boolean;
  role: Role;
  locale: "en" | "zh";
  timeZone: string;
  image: string | null;
  createdAt: Date;
};

/** Staff who look as the session's user, and until when. */
export type Viewing = { by: Pick<User, "id" | "name" | "email" | "role">; endsAt: Date };

export type Session = {
  id: Id<"session">;
  /** Staff who have not entered their code have a customer's role here. */
  user: User;
  accountId: Id<"account">;
  expiresAt: Date;
  /** Null for whoever is signed in as themselves. With it, nothing may be changed. */
  viewing: Viewing | null;
  /** True for staff who have still to enter the code that opens the back office. */
  awaitsCode: boolean;
};

/** A place somebody is signed in, as the account page lists it. */
export type SignedInDevice = {
  id: Id<"session">;
  /** True for the one that asks. */
  current: boolean;
  browser: string | null;
  system: string | null;
  ipAddress: string | null;
  createdAt: Date;
  /** When it was last renewed: at most a day before it was last used. */
  lastSeenAt: Date;
  expiresAt: Date;
};

const userColumns = {
  id: users.id,
  name: users.name,
  email: users.email,
  emailVerified: users.emailVerified,
  role: users.role,
  locale: users.locale,
  timeZone: users.timeZone,
  image: users.image,
  createdAt: users.createdAt,
};

/**
 * Who sends these headers, by the session cookie; null for nobody, and for who is suspended.
 *
 * One query and no write: better-auth's own reading would also renew the row, which a server component
 * could not tell the browser, and delete it when it has expired. There is no cookie cache either, so a
 * revoked session ends with the next request. The browser renews its session at /api/auth/get-session.
 */
export async function readSession(headers: Headers): Promise<Session | null> {
  const token = readSignedCookie(headers, "session_token");
  if (!token) return null;
  const [found] = await db()
    .select({
      id: sessions.id,
      expiresAt: sessions.expiresAt,
      confirmed: sql<boolean>`coalesce(${sessions.staffConfirmedAt} > now() - make_interval(days => ${confirmedDays}), false)`,
      user: userColumns,
      accountId: sql<Id<"account"> | null>`${accounts.id}`,
      viewing: { userId: viewings.userId, endsAt: viewings.endsAt },
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .leftJoin(viewings, and(eq(viewings.sessionId, sessions.id), gt(viewings.endsAt, sql`now()`)))
    .leftJoin(accounts, and(eq(accounts.ownerType, "user"), eq(accounts.ownerId, users.id)))
    .where(and(eq(sessions.token, token), gt(sessions.expiresAt, sql`now()`), isNull(users.suspendedAt)));
  if (!found) return null;
  const { confirmed, viewing, user, ...session } = found;
  const awaitsCode = !confirmed && isStaff(user.role) && needsCode();
  const own: Session = {
    ...session,
    user: awaitsCode ? { ...user, role: "user" } : user,
    // Missing only when the process stopped between making the user and opening the account.
    accountId: session.accountId ?? (await accountOf(user.id)),
    viewing: null,
    awaitsCode,
  };
  // Without their code staff view nobody: the role that they have until then may not.
  return (viewing && (await viewAs(own, viewing))) ?? own;
}

/** The session as the customer's; null when whoever looks may not any more, or the customer became staff. */
async function viewAs(
  own: Session,
  { userId, endsAt }: { userId: Id<"user">; endsAt: Date },
): Promise<Session | null> {
  const { id, name, email, role } = own.user;
  if (!mayRole(role, "customers.view")) return null;
  const [user] = await db()
    .select(userColumns)
    .from(users)
    .where(and(eq(users.id, userId), eq(users.role, "user")));
  if (!user) return null;
  return {
    ...own,
    user,
    accountId: await accountOf(userId),
    viewing: { by: { id, name, email, role }, endsAt },
  };
}

/** @throws Refusal unauthenticated when nobody is signed in. */
export async function requireSession(headers: Headers): Promise<Session> {
  const session = await readSession(headers);
  if (!session) throw new Refusal("unauthenticated");
  return session;
}

/** Everywhere the session's user is signed in, this device first, then the latest. */
export async function listSessions(session: Session): Promise<SignedInDevice[]> {
  const rows = await db()
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, session.user.id), gt(sessions.expiresAt, sql`now()`)))
    .orderBy(desc(eq(sessions.id, session.id)), desc(sessions.updatedAt), desc(sessions.id));
  return rows.map((row) => ({
    id: row.id,
    current: row.id === session.id,
    ...deviceOf(row.userAgent),
    ipAddress: row.ipAddress || null,
    createdAt: row.createdAt,
    lastSeenAt: row.updatedAt,
    expiresAt: row.expiresAt,
  }));
}

/**
 * Signs one of the user's own devices out, at once.
 * @throws Refusal not_found for a session that is not theirs.
 */
export async function revokeSession(session: Session, id: string): Promise<void> {
  const gone = await db()
    .delete(sessions)
    .where(and(sql`${sessions.id} = ${id}`, eq(sessions.userId, session.user.id)))
    .returning({ id: sessions.id });
  if (gone.length === 0) throw new Refusal("not_found");
}
