import type { BalanceJson } from "#api/contract";

export type BalanceNoticeKind = "empty" | "low" | "expiring";

export type BalanceNotice = {
  kind: BalanceNoticeKind;
  /** The share of the open lots that is used, 0 to 1. */
  used: number;
  /** What is left, or what expires. */
  credits: number;
  /** When it expires. */
  at: string | null;
};

const lowFrom = 0.8;
const expiringWithinMs = 7 * 86_400_000;

/** What to say about a balance, if anything: one thing, the most pressing. */
export function noticeOf(
  { available, held, lots, nextExpiry }: BalanceJson,
  now: Date,
): BalanceNotice | null {
  const granted = lots.reduce((sum, lot) => sum + lot.credits, 0);
  const used = granted === 0 ? 1 : 1 - (available + held) / granted;
  if (available + held === 0) return { kind: "empty", used, credits: 0, at: null };
  if (used >= lowFrom) return { kind: "low", used, credits: available, at: null };
  if (nextExpiry && new Date(nextExpiry.at).getTime() - now.getTime() <= expiringWithinMs) {
    return { kind: "expiring", used, ...nextExpiry };
  }
  return null;
}
