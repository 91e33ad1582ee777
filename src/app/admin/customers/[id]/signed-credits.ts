const most = 1_000_000_000;

/** Signed credits as people write them: "100", "+1,000", "−40"; null for what is none, and for 0. */
export function parseCredits(text: string): number | null {
  const plain = text
    .trim()
    .replace(/^[\u2212\u2013-]\s*/, "-")
    .replace(/[,\s]/g, "");
  if (!/^[+-]?\d{1,10}$/.test(plain)) return null;
  const credits = Number(plain);
  return credits !== 0 && Math.abs(credits) <= most ? credits : null;
}
