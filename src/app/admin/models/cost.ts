/** Costs as people write them, in US dollars, and as they are kept, in millionths. */

const form = /^\d{1,6}([.,]\d{1,6})?$/;

/** @returns null for nothing; NaN for what is no amount */
export function microsOf(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  return form.test(trimmed) ? Math.round(Number(trimmed.replace(",", ".")) * 1e6) : Number.NaN;
}

export function dollarsOf(micros: number | null): string {
  return micros === null ? "" : `${micros / 1e6}`;
}
