import { networkProblem, problemOf } from "#ui/api";

/**
 * Asks identity's endpoints. Unlike the API's, their 401 means a wrong password, so it opens no dialog.
 * @throws Problem
 */
export async function askAuth<T = { status: true }>(path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/auth${path}`, {
      ...(body !== undefined && {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
  } catch {
    throw networkProblem();
  }
  const json: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, json, response.headers.get("retry-after"), true);
  return json as T;
}

/** A path of this site to go on to, or the dashboard: an address from outside is never followed. */
export function ownPath(next: string | undefined | null): string {
  const here = "http://here.invalid";
  // Read as a browser reads it, which drops tabs and line breaks: "/\t/evil.example" leads away.
  if (!next?.startsWith("/") || !URL.canParse(next, here)) return "/dashboard";
  const { origin, pathname, search, hash } = new URL(next, here);
  return origin === here && !pathname.startsWith("//") ? pathname + search + hash : "/dashboard";
}

/** The address of a page of signing in or up that leads on to `next` afterwards. */
export function withNext(page: "/sign-in" | "/sign-up", next: string | null): string {
  return next ? `${page}?next=${encodeURIComponent(next)}` : page;
}

const nextKey = "next-after-sign-up";

/** Keeps where somebody who signs up wanted to go: the mail's link opens in a tab of its own. */
export function keepNext(path: string | null): void {
  try {
    if (path) localStorage.setItem(nextKey, path);
    else localStorage.removeItem(nextKey);
  } catch {
    // Without storage the way leads to the tools.
  }
}

/** Where somebody who has signed up in this browser wanted to go; null when nowhere in particular. */
export function keptNext(): string | null {
  try {
    const kept = localStorage.getItem(nextKey);
    return kept && ownPath(kept);
  } catch {
    return null;
  }
}
