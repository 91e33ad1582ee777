import { and, desc, eq } from "drizzle-orm";
import { db } from "#platform/db";
import { mails } from "#schema";
import { runJobs } from "#test";
import { handleAuth } from "./endpoints";
import { readSession } from "./session";
import { tasks } from "./tasks";

export const origin = "http://localhost:3000";
export const password = "correct horse battery";

let people = 0;
/** An address nobody has used. */
export const newAddress = () => `person${++people}@example.com`;

/** A browser for tests: keeps cookies, says its origin. */
export function aBrowser(options: { address?: string; userAgent?: string } = {}) {
  const jar = new Map<string, string>();
  const headers = () => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    return new Headers({
      ...(cookie && { cookie }),
      "user-agent":
        options.userAgent ?? "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    });
  };
  const request = async (
    method: string,
    path: string,
    body?: unknown,
    extra: Record<string, string> = {},
  ) => {
    const sent = headers();
    if (body !== undefined) sent.set("content-type", "application/json");
    if (method !== "GET") sent.set("origin", origin);
    for (const [name, value] of Object.entries(extra)) sent.set(name, value);
    const response = await handleAuth(
      new Request(`${origin}/api/auth${path}`, {
        method,
        headers: sent,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
      options.address ?? "192.0.2.1",
    );
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const name = pair.slice(0, pair.indexOf("="));
      if (/max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, pair.slice(name.length + 1));
    }
    return response;
  };
  return {
    jar,
    headers,
    get: (path: string) => request("GET", path),
    post: async (path: string, body: unknown, extra?: Record<string, string>) =>
      (await request("POST", path, body, extra)).json(),
    session: () => readSession(headers()),
    signUp: (email: string, more: Record<string, unknown> = {}) =>
      request("POST", "/sign-up/email", { name: "Ada", email, password, ...more }),
    signIn: (email: string, secret = password) =>
      request("POST", "/sign-in/email", { email, password: secret }),
  };
}

/** Does the waiting jobs, then returns the newest mail to that address; its link's path and token. */
export async function readMail(to: string, kind: string) {
  await runJobs(tasks.system ?? {});
  const [mail] = await db()
    .select()
    .from(mails)
    .where(and(eq(mails.recipient, to), eq(mails.kind, kind)))
    .orderBy(desc(mails.id))
    .limit(1);
  if (!mail) return null;
  const link = new URL(/https?:\/\/\S+/.exec(mail.text)?.[0] ?? "");
  return { ...mail, path: link.pathname, token: link.searchParams.get("token") ?? "" };
}

/** As `readMail`. @throws when there is none. */
export async function requireMail(to: string, kind: string) {
  const mail = await readMail(to, kind);
  if (!mail) throw new Error(`${to} got no ${kind}`);
  return mail;
}

/** Somebody who signed up, confirmed and is signed in, in a browser of their own. */
export async function aMember(options: Parameters<typeof aBrowser>[0] = {}) {
  const email = newAddress();
  const browser = aBrowser(options);
  await browser.signUp(email);
  await browser.post("/verify-email", { token: (await requireMail(email, "verify")).token });
  return { email, browser };
}
