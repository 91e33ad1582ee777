import "#server-only";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { readSession, type Session } from "#identity";
import { withNext } from "#ui/identity/auth-client";

/** Who looks at the page, or null; asked once per request however many components want to know. */
export const pageSession = cache(async (): Promise<Session | null> => readSession(await headers()));

/** Who looks at the page; a visitor is sent to sign in and comes back to the same address. */
export async function requirePageSession(): Promise<Session> {
  const session = await pageSession();
  if (session) return session;
  redirect(withNext("/sign-in", await pagePath()));
}

/** The path and query that were asked for, as the proxy saw them. */
export async function pagePath(): Promise<string> {
  return (await headers()).get("x-path") ?? "/";
}
