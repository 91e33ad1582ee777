import { auth } from "./auth";

/** For every module's tests: people signed in, without a password unless it is needed: hashing one takes long. */

/** Makes a user and signs them in. @returns the cookie */
export async function aSession(
  user: { name: string; email: string; emailVerified: boolean },
  password?: string,
): Promise<string> {
  const { internalAdapter, password: hasher } = await auth().$context;
  const { id } = await internalAdapter.createUser(user, { method: "email-password" });
  if (password) {
    const hashed = await hasher.hash(password);
    await internalAdapter.createAccount({
      userId: id,
      providerId: "credential",
      accountId: id,
      password: hashed,
    });
  }
  return startSession(id);
}

/** Signs a user in. @returns the cookie */
export async function startSession(userId: string): Promise<string> {
  const started = await auth().api.startSession({ body: { userId }, asResponse: true });
  return started.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}
