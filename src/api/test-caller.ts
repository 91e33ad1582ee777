import { eq } from "drizzle-orm";
import { handleAuth, readSession, type Session } from "#identity";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { users } from "#schema";

/** For this module's tests: people who are signed in. */

export const origin = "http://localhost:3000";

export type TestUser = { session: Session; headers: Record<string, string> };

/** Somebody new with a session's cookie; their mail is confirmed unless said otherwise. */
export async function aUser(name: string, { verified = true } = {}): Promise<TestUser> {
  const email = `${name}.${newId("user").slice(-8)}@example.com`;
  const credentials = { email, password: "correct horse battery" };
  await authenticate("/sign-up/email", { ...credentials, name });
  const signedIn = await authenticate("/sign-in/email", credentials);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  if (verified) await db().update(users).set({ emailVerified: true }).where(eq(users.email, email));
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
