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
  /** Whether its trial is running: nothing was paid yet. */
  trial: boolean;
  /** Whether Stripe will charge for its next period. */
  renews: boolean;
  /** Whether a period that has begun is still to be paid. */
  owes: boolean;
  /** Whether nothing more comes of it: it was there and ended, or never began. */
  over: "ended" | "never_begun" | null;
  /** What pages mark it as beside the plan's name: as a thing to know, or one to see to. */
  mark: "notice" | "warning" | null;
};

const regular: Meaning = {
  ...{ access: "plan", live: true, changeable: true, trial: false },
  ...{ renews: true, owes: false, over: null, mark: null },
};

/** What is not, or no longer, the account's subscription. */
const gone: Meaning = {
  ...{ access: "free", live: false, changeable: false, trial: false },
  ...{ renews: false, owes: false, over: null, mark: null },
};

export const meanings: Record<SubscriptionStatus, Meaning> = {
  trialing: { ...regular, trial: true, mark: "notice" },
  active: regular,
  // The card failed at a renewal; Stripe tries again.
  past_due: { ...regular, access: "grace", changeable: false, owes: true, mark: "warning" },
  // Stripe has given up, and the operator chose to keep the subscription.
  unpaid: { ...regular, access: "free", changeable: false, renews: false, owes: true, mark: "warning" },
  // A trial that ended without a card.
  paused: { ...regular, access: "free", changeable: false, renews: false, mark: "warning" },
  // The first payment is still to come.
  incomplete: { ...gone, mark: "warning" },
  incomplete_expired: { ...gone, over: "never_begun" },
  canceled: { ...gone, over: "ended" },
};

/** So long after a renewal was due, an account whose card failed keeps its plan. */
export const graceDays = 7;

export function isStatus(word: string): word is SubscriptionStatus {
  return subscriptionStatuses.some((known) => known === word);
}

/** What a subscription's row says; the database takes no word but these. */
export function meaningOf(word: string): Meaning {
  if (!isStatus(word)) throw new Error(`${word} is no status of a subscription`);
  return meanings[word];
}

/** Statuses of the one subscription an account may have; the database's index says the same. */
export const liveStatuses = subscriptionStatuses.filter((status) => meanings[status].live);

/** Statuses of a trial that is running. */
export const trialStatuses = subscriptionStatuses.filter((status) => meanings[status].trial);

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
