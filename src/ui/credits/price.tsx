import type { PriceLine } from "#tools";

/** A price as the quote tells it: `GET …/quote`. */
export type Price = {
  kind: "exact" | "upTo";
  credits: number;
  lines: readonly PriceLine[];
  available: number;
  availableAfter: number;
  /** How many credits are missing; 0 when there are enough. */
  short: number;
};
