import type { Context } from "hono";
import type { Locale } from "#i18n/locale";
import type { ApiEnv } from "./router";

/** Who a run is begun by: the person, if there is one, and the API key, if it came with one. */
export function askerOf(c: Context<ApiEnv>) {
  const holder = c.get("keyHolder");
  if (!holder) return { user: c.get("session")?.user ?? null };
  const user = holder.kind === "own" ? holder.user : null;
  return { user, apiKey: { id: holder.apiKeyId, kind: holder.kind } };
}

/** The words a caller reads: those of the account's language, else of the browser's. */
export function localeOf(c: Context<ApiEnv>): Locale {
  return askerOf(c).user?.locale ?? (/^\s*zh\b/i.test(c.req.header("accept-language") ?? "") ? "zh" : "en");
}
