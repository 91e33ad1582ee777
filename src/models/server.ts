import { config } from "#platform/config";
import type { Protocol } from "./protocol";

/** A server to be asked, and its key. */
export type Server = { name: string; protocol: Protocol; baseUrl: string; key: string | null };

/** The one that AI_BASE_URL and AI_API_KEY name. */
export function environmentServer(): Server | null {
  const { AI_BASE_URL: baseUrl, AI_API_KEY: key = null } = config();
  return baseUrl ? { name: new URL(baseUrl).host, protocol: "openai", baseUrl, key } : null;
}
