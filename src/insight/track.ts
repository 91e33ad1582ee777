import { onHappening } from "#platform/happening";
import type { Id } from "#platform/id";
import { readReferral } from "#platform/referral-link";
import { choiceOf } from "./consent";
import type { View } from "./event";
import { collect } from "./event-buffer";
import { unwanted } from "./visit";

/**
 * The one place where what people do is counted. Nothing here waits, and nothing fails for it: an event goes
 * into memory and is written by a timer (./event-buffer), or is dropped.
 */

/** What the browser or the API tells of. */
export const userActions = [
  "page_viewed",
  "search_without_result",
  "signed_up",
  "verified",
  "signed_in",
  "out_of_credits",
  "checkout_begun",
  "feature_used",
] as const;
export type UserAction = (typeof userActions)[number];

export type Properties = Readonly<Record<string, string | number | boolean>>;

/** Who did it: a person, an account, or somebody of whom only the request is known. */
export type Who = {
  userId?: Id<"user"> | null;
  accountId?: Id<"account"> | null;
  request?: { headers: Headers; address: string | null };
  /** By an API key: a customer's program, which is neither a bot nor a browser. */
  byKey?: boolean;
};

/** Counts what somebody did. */
export function trackUserAction(
  action: UserAction,
  who: Who,
  properties: Properties = {},
  view: View | null = null,
): void {
  track(action, who, properties, view);
}

/** Counts a payment that has come in. Amounts in the currency's minor unit. */
export function trackPayment(
  who: Who,
  payment: { invoice: string; amountCents: number; currency: string; reason: string },
): void {
  track("paid", who, payment, null);
}

/** Counts a run that began or ended. Durations in seconds. */
export function trackToolUsage(
  who: Who,
  usage:
    | { phase: "started"; tool: string; credits: number }
    | { phase: "finished"; tool: string; run: string; status: string; credits: number; seconds: number },
): void {
  const { phase, ...properties } = usage;
  track(phase === "started" ? "run_started" : "run_finished", who, properties, null);
}

function track(name: string, who: Who, properties: Properties, view: View | null): void {
  const { userId = null, accountId = null, request, byKey = false } = who;
  const common = { name, occurredAt: new Date(), userId, accountId, properties, view };
  if (!request || byKey) {
    collect({ ...common, browser: null, referred: false });
    return;
  }
  const { headers, address } = request;
  if (unwanted(headers)) return;
  const choice = choiceOf(headers);
  // Of somebody signed in the wish itself is remembered, for what happens while no browser is there.
  if (choice.choice === "opted_out" && !userId) return;
  const agent = headers.get("user-agent") ?? "";
  const browser = { address: address ?? "unknown", agent, choice };
  collect({ ...common, browser, referred: readReferral(headers) !== null });
}

/** Takes note of what domains tell of. @returns a function that ends it */
export function listenToDomains(): () => void {
  return onHappening((happening) => {
    const { name, properties = {}, ...who } = happening;
    const action = userActions.find((known) => known === name);
    if (action) trackUserAction(action, who, properties);
    else if (name === "paid" || name === "run_finished") track(name, who, properties, null);
  });
}
