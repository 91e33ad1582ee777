import type { Id } from "#platform/id";
import type { Choice } from "./consent";
import type { Arrival } from "./visit";

/** The page somebody was on, how they came to the site, and from which country (ISO 3166). */
export type View = { path: string; arrival: Arrival; country: string | null };

/** An event that waits to be written. An address stays in memory until then, and is never written. */
export type Pending = {
  name: string;
  occurredAt: Date;
  userId: Id<"user"> | null;
  accountId: Id<"account"> | null;
  properties: Readonly<Record<string, string | number | boolean>>;
  view: View | null;
  /** Whose request it came of; null for what happened without one. */
  browser: { address: string; agent: string; choice: Choice } | null;
  /** A customer's link led here. */
  referred: boolean;
};

/** One as it is kept. */
export type Kept = Pending & {
  id: string;
  visitor: string | null;
  choice: Choice;
};
