import { eq } from "drizzle-orm";
import { createKey, type NewKey, readSession, type Session, scopes, serviceScopes } from "#identity";
import { aSession, startSession } from "#identity/fixture";
import { terminal } from "#platform/audit";
import { db } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { users } from "#schema";

/** For this module's tests: people who are signed in. */

export const origin = "http://localhost:3000";

export type TestUser = { session: Session; headers: Record<string, string> };

type NewUser = { verified?: boolean; password?: string };

/** Somebody new with a session's cookie; their mail is confirmed, and they have no password, unless said otherwise. */
export async function aUser(name: string, { verified = true, password }: NewUser = {}): Promise<TestUser> {
  const email = `${name}.${newId("user").slice(-8)}@example.com`;
  return signedIn(await aSession({ name, email, emailVerified: verified }, password));
}

/** The same person on another device. */
export async function signedInAgain({ session }: TestUser): Promise<TestUser> {
  return signedIn(await startSession(session.user.id));
}

async function signedIn(cookie: string): Promise<TestUser> {
  const session = await readSession(new Headers({ cookie }));
  if (!session) throw new Error("The session's cookie is nobody's.");
  return { session, headers: { cookie, origin } };
}

/** Somebody who may make service keys. */
export async function anOwner(name = "owner"): Promise<TestUser> {
  const { session, headers } = await aUser(name);
  await db().update(users).set({ role: "owner" }).where(eq(users.id, session.user.id));
  return { session: { ...session, user: { ...session.user, role: "owner" } }, headers };
}

export type TestKey = { id: Id<"apiKey">; secret: string; headers: Record<string, string> };

/** An API key; with every right its kind may have unless the test says otherwise. */
export async function aKey(
  { session }: TestUser,
  { kind = "service", ...given }: Partial<NewKey> = {},
): Promise<TestKey> {
  const allowed = scopes.filter((scope) => kind === "service" || !serviceScopes.includes(scope));
  const wanted: NewKey = { kind, name: "test", scopes: allowed, cap: null, expiresAt: null, ...given };
  const { key, secret } = await createKey(session, wanted, { by: terminal });
  return { id: key.id, secret, headers: { authorization: `Bearer ${secret}` } };
}
