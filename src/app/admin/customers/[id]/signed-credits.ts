import { readNumber } from "#format";

const most = 1_000_000_000;

/** Signed credits as people write them: "100", "+1,000", "−40"; null for what is none, and for 0. */
export function parseCredits(text: string): number | null {
  const credits = readNumber(text);
  if (credits === null || credits === 0 || !Number.isInteger(credits)) return null;
  return Math.abs(credits) <= most ? credits : null;
}
