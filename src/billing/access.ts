/**
 * What each status of a subscription in Stripe means here: the one table, for entitlements, credits, pages
 * and checks alike. Pure; safe in a browser.
 */

/** Stripe's words. */
export const subscriptionStatuses = [
  "trialing",
  "active",
  "past_due",
  "unpaid",
  "paused",
  "incomplete",
  "incomplete_expired",
  "canceled",
] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

type Meaning = {
  /** What the account may do: all of the plan, all of it until the grace ends, or what Free allows. */
  access: "plan" | "grace" | "free";
  /** Whether it is the account's subscription: an account has one, and gets no other beside it. */
  live: boolean;
  /** Whether the customer may change, cancel or resume it here. */
  changeable: boolean;
};

export const meanings = {
  trialing: { access: "plan", live: true, changeable: true },
  active: { access: "plan", live: true, changeable: true },
  // The card failed at a renewal; Stripe tries again.
  past_due: { access: "grace", live: true, changeable: false },
  // Stripe has given up, and the operator chose to keep the subscription.
  unpaid: { access: "free", live: true, changeable: false },
  // A trial that ended without a card.
  paused: { access: "free", live: true, changeable: false },
  // The first payment is still to come.
  incomplete: { access: "free", live: false, changeable: false },
  incomplete_expired: { access: "free", live: false, changeable: false },
  canceled: { access: "free", live: false, changeable: false },
} as const satisfies Record<SubscriptionStatus, Meaning>;

/** So long after a renewal was due, an account whose card failed keeps its plan. */
export const graceDays = 7;

export function isStatus(word: string): word is SubscriptionStatus {
  return subscriptionStatuses.some((known) => known === word);
}

/** Statuses of the one subscription an account may have. */
export const liveStatuses = subscriptionStatuses.filter((status) => meanings[status].live);

/** When a subscription that is past due since then falls back to Free. */
export function graceEnd(pastDueSince: Date): Date {
  return new Date(pastDueSince.getTime() + graceDays * 86_400_000);
}

/** Whether the account may do what the subscription's price allows, at `now`. */
export function givesPlan(
  { status, pastDueSince }: { status: SubscriptionStatus; pastDueSince: Date | null },
  now: Date,
): boolean {
  const { access } = meanings[status];
  if (access === "grace") return pastDueSince === null || now.getTime() < graceEnd(pastDueSince).getTime();
  return access === "plan";
}
