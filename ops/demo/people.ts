/** Who comes to the demo's site, and what becomes of them in a year. Pure: the same every time. */

export type Random = () => number;

/** A small generator of numbers from 0 to 1, the same from the same seed. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type Currency = "usd" | "eur" | "gbp" | "cny" | "jpy";
export type PaidPlan = "pro" | "premium" | "enterprise";

/** What somebody does about a plan or pack, on a day counted from their first. */
export type Turn =
  | { does: "trial" | "subscribe" | "upgrade"; day: number; plan: PaidPlan; interval: "month" | "year" }
  | { does: "pack" | "refund" | "fail" | "recover" | "cancel"; day: number };

export type Person = {
  name: string;
  email: string;
  country: string;
  currency: Currency;
  locale: "en" | "zh";
  source: string;
  /** The day they sign up, 0 is a year ago. */
  day: number;
  /** On how much of their days they run something, and how many days long; below 0 for who never does. */
  diligence: number;
  leavesAfter: number;
  turns: Turn[];
};

const firstNames = [
  ...[
    "Ada",
    "Ben",
    "Chloe",
    "Diego",
    "Emma",
    "Farid",
    "Grace",
    "Hugo",
    "Iris",
    "Jonas",
    "Kenji",
    "Lin",
    "Marta",
  ],
  ...["Noah", "Olga", "Priya", "Quinn", "Rosa", "Sven", "Tara", "Uma", "Viktor", "Wei", "Xiu", "Yuki", "Zoe"],
];
const lastNames = [
  ...[
    "Adams",
    "Bauer",
    "Chen",
    "Dubois",
    "Evans",
    "Fischer",
    "Garcia",
    "Haddad",
    "Ito",
    "Jensen",
    "Kowalski",
  ],
  ...[
    "Lopez",
    "Meyer",
    "Novak",
    "Okafor",
    "Patel",
    "Rossi",
    "Sato",
    "Tanaka",
    "Ueda",
    "Varga",
    "Wang",
    "Young",
  ],
];
const places: readonly (readonly [country: string, currency: Currency, weight: number])[] = [
  ...([
    ["US", "usd", 36],
    ["GB", "gbp", 11],
    ["DE", "eur", 12],
    ["FR", "eur", 7],
  ] as const),
  ...([
    ["CN", "cny", 11],
    ["JP", "jpy", 6],
    ["IN", "usd", 8],
    ["BR", "usd", 5],
    ["NL", "eur", 4],
  ] as const),
];
const sources: readonly (readonly [source: string, weight: number])[] = [
  ...([
    ["direct", 34],
    ["google.com", 30],
    ["newsletter", 12],
    ["referral", 10],
    ["news.ycombinator.com", 9],
  ] as const),
  ...([["youtube.com", 5]] as const),
];

export const daysPlayed = 365;

/** @param count how many sign up within the year, more and more of them */
export function peopleOf(count: number, random: Random): Person[] {
  return Array.from({ length: count }, (_, place) => aPerson(place, random)).toSorted(
    (a, b) => a.day - b.day,
  );
}

function aPerson(place: number, random: Random): Person {
  const first = pick(firstNames, random);
  const last = pick(lastNames, random);
  const [country, currency] = weighted(places, ([, , weight]) => weight, random);
  const day = Math.floor(Math.sqrt(random()) * daysPlayed);
  const diligence = random() ** 2 * 0.7 + 0.02;
  const leaves = random() < 0.35 ? Math.ceil(random() * 20) : Math.ceil(-Math.log(1 - random()) * 160);
  const turns = turnsOf(leaves, random);
  // Of those who never buy, many only look around.
  const leavesAfter = turns.length === 0 && random() < 0.35 ? -1 : leaves;
  return {
    ...{ country, currency, day, diligence, leavesAfter, turns },
    name: `${first} ${last}`,
    email: `${first}.${last}.${place}@example.com`.toLowerCase(),
    locale: country === "CN" ? "zh" : "en",
    source: weighted(sources, ([, weight]) => weight, random)[0],
  };
}

/** Three of ten subscribe, some by way of a trial; two of ten buy a pack. */
function turnsOf(leavesAfter: number, random: Random): Turn[] {
  const turns: Turn[] = [];
  if (random() < 0.2) {
    const day = 2 + Math.floor(random() * 40);
    turns.push({ does: "pack", day });
    if (random() < 0.06) turns.push({ does: "refund", day: day + 1 });
  }
  if (random() > 0.32) return turns;
  const start = 1 + Math.floor(random() * 25);
  const interval = random() < 0.2 ? "year" : "month";
  const chance = random();
  const plan: PaidPlan = chance < 0.72 ? "pro" : chance < 0.95 ? "premium" : "enterprise";
  const tries = plan === "pro" && random() < 0.5;
  if (tries) turns.push({ does: "trial", day: start, plan, interval });
  const paidFrom = tries ? start + 7 : start;
  if (tries && random() < 0.42) return [...turns, { does: "cancel", day: paidFrom }];
  turns.push({ does: "subscribe", day: paidFrom, plan, interval });
  const ends = paidFrom + Math.max(30, leavesAfter);
  if (plan !== "enterprise" && random() < 0.18) {
    const day = paidFrom + 20 + Math.floor(random() * 90);
    if (day < ends)
      turns.push({ does: "upgrade", day, plan: plan === "pro" ? "premium" : "enterprise", interval });
  }
  if (random() < 0.14) {
    const day = paidFrom + 61;
    turns.push({ does: "fail", day });
    if (random() < 0.7) turns.push({ does: "recover", day: day + 3 });
    else return [...turns, { does: "cancel", day: day + 14 }];
  }
  if (interval === "month" && ends < daysPlayed) turns.push({ does: "cancel", day: ends });
  return turns;
}

export function pick<T>(items: readonly T[], random: Random): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

function weighted<T>(items: readonly T[], weightOf: (item: T) => number, random: Random): T {
  let rest = random() * items.reduce((sum, item) => sum + weightOf(item), 0);
  for (const item of items) {
    rest -= weightOf(item);
    if (rest < 0) return item;
  }
  return pick(items, random);
}
