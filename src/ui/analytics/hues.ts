import type { Hue } from "#ui/charts/series";

/** What always has the same hue, whatever its rank: red is loss, gray is the rest. Sources are as in the ledger. */
const own: Readonly<Record<string, Hue>> = {
  all: "c2",
  new: "c1",
  expansion: "c2",
  reactivation: "c5",
  contraction: "c3",
  churn: "c4",
  transfer: "c0",
  pro: "c2",
  premium: "c3",
  enterprise: "c5",
  free: "c1",
  planCredits: "c1",
  pack: "c2",
  top_up: "c3",
  welcome: "c5",
  subscription: "c1",
  failed: "c4",
  recovered: "c2",
  p50: "c2",
  p95: "c3",
  p99: "c4",
  daily: "c2",
  weekly: "c3",
  monthly: "c5",
  noModel: "c0",
  other: "c0",
};
const free = ["c2", "c3", "c5", "c1", "c4"] as const;

/**
 * A hue for each name: its own; else that of its place among those that are known, so that a tool looks the same on
 * every card; else the next that nobody has.
 */
export function huesOf(names: readonly string[], known: readonly string[]): ReadonlyMap<string, Hue> {
  const hues = new Map<string, Hue>();
  for (const name of names) {
    const hue = own[name];
    if (hue) hues.set(name, hue);
  }
  const taken = new Set(hues.values());
  for (const name of names) {
    if (hues.has(name)) continue;
    const place = Math.max(0, known.indexOf(name));
    const wanted = free.map((_, step) => free[(place + step) % free.length] ?? "c0");
    const hue = wanted.find((candidate) => !taken.has(candidate)) ?? "c0";
    taken.add(hue);
    hues.set(name, hue);
  }
  return hues;
}
