/**
 * What a catalogue is, and the one that a new site begins with: plans, packs, and what each entitles to. From
 * the first publication in the back office on the database's edition holds (edition.ts), and `seed` is not
 * looked at any more. Pure data, safe in a browser.
 *
 * Amounts are in a currency's minor unit (cents; whole yen). A price, once made, is never edited: another
 * figure is another price for new customers, while those who subscribed keep theirs with what they paid for.
 */

export const currencies = ["usd", "eur", "gbp", "cny", "jpy"] as const;
export type Currency = (typeof currencies)[number];
export type Amounts = Readonly<Record<Currency, number>>;
export const defaultCurrency: Currency = "usd";

/** From the smallest to the largest: moving right is an upgrade. */
export const planIds = ["free", "pro", "premium", "enterprise"] as const;
export type PlanId = (typeof planIds)[number];
export const intervals = ["month", "year"] as const;
export type Interval = (typeof intervals)[number];

/** What an account may do, besides spending its credits. */
export type Entitlements = {
  /** Slugs of the tools it may run. */
  tools: "all" | readonly string[];
  /** How many of its runs may wait or run at once. */
  concurrentRuns: number;
  /** The largest file it may upload; a tool's own limit may be lower. */
  fileMb: number;
  /** How long its inputs and results are kept. */
  retentionDays: number;
  /** Which of the waiting runs goes first: the lower, the sooner. */
  priority: number;
};

/** In both languages; may be empty. */
export type Texts = { readonly en: string; readonly zh: string };

export type Plan = {
  id: PlanId;
  /** Not sold any more. Whoever pays for it keeps it. */
  archived: boolean;
  /** A line on its card. */
  text: Texts;
  /** Null for Free, which is not sold. A yearly price is paid at once and gives its credits month by month. */
  prices: { month: Amounts; year: Amounts } | null;
  creditsPerMonth: number;
  /** At a period's end so many unspent plan credits, at most, are carried into the next. */
  rolloverCap: number;
  entitlements: Entitlements;
  /** Once per person; its credits end with it. */
  trial: { days: number; credits: number } | null;
};

export type Pack = {
  id: string;
  archived: boolean;
  credits: number;
  /** Given on top. */
  bonus: number;
  /** So long after it is paid it expires; null is never. */
  expiresAfterMonths: number | null;
  prices: Amounts;
};

const noText: Texts = { en: "", zh: "" };

const free: Plan = {
  id: "free",
  archived: false,
  text: noText,
  prices: null,
  creditsPerMonth: 50,
  rolloverCap: 50,
  entitlements: { tools: "all", concurrentRuns: 5, fileMb: 25, retentionDays: 30, priority: 100 },
  trial: null,
};

const pro: Plan = {
  id: "pro",
  archived: false,
  text: noText,
  prices: {
    month: { usd: 1_200, eur: 1_200, gbp: 1_000, cny: 8_800, jpy: 1_800 },
    year: { usd: 12_000, eur: 12_000, gbp: 10_000, cny: 88_000, jpy: 18_000 },
  },
  creditsPerMonth: 1_000,
  rolloverCap: 1_000,
  entitlements: { tools: "all", concurrentRuns: 20, fileMb: 25, retentionDays: 90, priority: 50 },
  trial: { days: 7, credits: 200 },
};

const premium: Plan = {
  id: "premium",
  archived: false,
  text: noText,
  prices: {
    month: { usd: 3_900, eur: 3_900, gbp: 3_300, cny: 28_800, jpy: 5_800 },
    year: { usd: 39_000, eur: 39_000, gbp: 33_000, cny: 288_000, jpy: 58_000 },
  },
  creditsPerMonth: 4_000,
  rolloverCap: 4_000,
  entitlements: { tools: "all", concurrentRuns: 50, fileMb: 25, retentionDays: 180, priority: 20 },
  trial: null,
};

const enterprise: Plan = {
  id: "enterprise",
  archived: false,
  text: noText,
  prices: {
    month: { usd: 19_900, eur: 19_900, gbp: 16_900, cny: 148_000, jpy: 29_800 },
    year: { usd: 199_000, eur: 199_000, gbp: 169_000, cny: 1_480_000, jpy: 298_000 },
  },
  creditsPerMonth: 25_000,
  rolloverCap: 25_000,
  entitlements: { tools: "all", concurrentRuns: 200, fileMb: 25, retentionDays: 365, priority: 0 },
  trial: null,
};

const packs: readonly Pack[] = [
  {
    id: "small",
    archived: false,
    credits: 500,
    bonus: 0,
    expiresAfterMonths: 12,
    prices: { usd: 900, eur: 900, gbp: 800, cny: 6_600, jpy: 1_400 },
  },
  {
    id: "medium",
    archived: false,
    credits: 2_000,
    bonus: 200,
    expiresAfterMonths: 12,
    prices: { usd: 2_900, eur: 2_900, gbp: 2_500, cny: 21_000, jpy: 4_400 },
  },
  {
    id: "large",
    archived: false,
    credits: 6_000,
    bonus: 1_200,
    expiresAfterMonths: 12,
    prices: { usd: 7_900, eur: 7_900, gbp: 6_900, cny: 58_000, jpy: 11_800 },
  },
];

/** In the order of the pricing page. */
export type Catalogue = { readonly plans: readonly Plan[]; readonly packs: readonly Pack[] };

/** What a new site sells. */
export const seed: Catalogue = { plans: [free, pro, premium, enterprise], packs };

/** What can be bought of it. */
export function onSaleOf({ plans, packs }: Catalogue): Catalogue {
  const isSold = ({ archived }: { archived: boolean }) => !archived;
  return { plans: plans.filter(isSold), packs: packs.filter(isSold) };
}

/** The name by which Stripe finds a price again: `plan:pro:month:usd`, `pack:small:usd`. */
export function planLookupKey(plan: PlanId, interval: Interval, currency: Currency): string {
  return `plan:${plan}:${interval}:${currency}`;
}

export function packLookupKey(pack: string, currency: Currency): string {
  return `pack:${pack}:${currency}`;
}
