import { eq } from "drizzle-orm";
import {
  createKey,
  handleAuth,
  type NewKey,
  readSession,
  type Session,
  scopes,
  serviceScopes,
} from "#identity";
import { terminal } from "#platform/audit";
import { db } from "#platform/db";
import { type Id, newId } from "#platform/id";
import { users } from "#schema";

/** For this module's tests: people who are signed in. */

export const origin = "http://localhost:3000";
const password = "correct horse battery";

export type TestUser = { session: Session; headers: Record<string, string> };

/** Somebody new with a session's cookie; their mail is confirmed unless said otherwise. */
export async function aUser(name: string, { verified = true } = {}): Promise<TestUser> {
  const email = `${name}.${newId("user").slice(-8)}@example.com`;
  await authenticate("/sign-up/email", { email, password, name });
  if (verified) await db().update(users).set({ emailVerified: true }).where(eq(users.email, email));
  return signIn(email);
}

/** The same person on another device. */
export function signedInAgain({ session }: TestUser): Promise<TestUser> {
  return signIn(session.user.email);
}

async function signIn(email: string): Promise<TestUser> {
  const signedIn = await authenticate("/sign-in/email", { email, password });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const session = await readSession(new Headers({ cookie }));
  if (!session) throw new Error(`${email} could not sign in: ${signedIn.status} ${await signedIn.text()}`);
  return { session, headers: { cookie, origin } };
}

function authenticate(path: string, body: Record<string, string>): Promise<Response> {
  return handleAuth(
    new Request(`${origin}/api/auth${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin },
      body: JSON.stringify(body),
    }),
  );
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
