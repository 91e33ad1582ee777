import { randomUUID } from "node:crypto";
import { config } from "#platform/config";
import { optsOut } from "./visit";

/**
 * Whether what somebody does may be told to a service of the operator's choosing (PostHog, Google Analytics).
 * Without such a service nobody is asked and nothing leaves the site.
 */

/** `none`: they were not asked, or have not answered. */
export type Choice = { choice: "opted_out" | "granted" | "declined" | "none"; clientId: string | null };

const cookie = "toolmint.analytics";
const halfYearSeconds = 180 * 24 * 3600;

/** True when the operator has connected a service, so that people are asked. */
export function asksConsent(): boolean {
  const { POSTHOG_KEY, GA_MEASUREMENT_ID } = config();
  return POSTHOG_KEY !== undefined || GA_MEASUREMENT_ID !== undefined;
}

/** Their names, for the question: "PostHog, Google Analytics". */
export function connectedServices(): string {
  const { POSTHOG_KEY, GA_MEASUREMENT_ID } = config();
  return [POSTHOG_KEY && "PostHog", GA_MEASUREMENT_ID && "Google Analytics"].filter(Boolean).join(", ");
}

/** What the browser that sends these headers has chosen. */
export function choiceOf(headers: Headers): Choice {
  if (optsOut(headers)) return { choice: "opted_out", clientId: null };
  const start = `${cookie}=`;
  const pairs = (headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(start))?.slice(start.length) ?? "";
  const [, clientId] = /^yes\.([0-9a-f-]{36})$/.exec(value) ?? [];
  if (clientId) return { choice: "granted", clientId };
  return { choice: value === "no" ? "declined" : "none", clientId: null };
}

/** Set-Cookie for an answer to the banner. Consent brings an id, by which the services know the browser. */
export function choiceCookie(granted: boolean): string {
  const value = granted ? `yes.${randomUUID()}` : "no";
  const secure = config().production ? "; Secure" : "";
  return `${cookie}=${value}; Path=/; Max-Age=${halfYearSeconds}; HttpOnly; SameSite=Lax${secure}`;
}
