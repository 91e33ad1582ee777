import { readMinor, readWhole } from "#format";

/** Costs as people write them, in US dollars, and as they are kept, in millionths. */

const most = 999_999_999_999;

/** @returns null for nothing; NaN for what is no amount */
export function microsOf(text: string): number | null {
  if (text.trim() === "") return null;
  const micros = readMinor(text, 6);
  return micros !== null && micros <= most ? micros : Number.NaN;
}

/** Whole figures as people write them. @returns null for nothing; NaN for what is none */
export function wholeOf(text: string): number | null {
  return text.trim() === "" ? null : (readWhole(text) ?? Number.NaN);
}

export function dollarsOf(micros: number | null): string {
  return micros === null ? "" : `${micros / 1e6}`;
}
