/**
 * What somebody typed, read as a number. In `2,000`, `1 234 567` and `1,234,567.5` groups of three are thousands; in
 * `12,5` and `0,075` a comma stands for the point. Whatever may be meant otherwise is no number: a figure that was
 * quietly changed is worse than one that is asked for again.
 */

const grouped = /^([1-9]\d{0,2})(?:([, ])\d{3}(?:\2\d{3})*)(\.\d+)?$/;
const plain = /^(?:\d+\.?\d*|\.\d+)$/;
const commaForPoint = /^(?:\d+,\d{1,2}|0,\d+)$/;
const mostCounted = 999_999_999;
const minus = /^[\u2212\u2013-] ?/;

/** @returns null for what is no number, and for nothing */
export function readNumber(text: string): number | null {
  const digits = digitsOf(text);
  return digits === null ? null : Number(digits);
}

/** A whole number from 0 on; null for what is none. */
export function readWhole(text: string): number | null {
  const number = readNumber(text);
  return number !== null && Number.isSafeInteger(number) && number >= 0 ? Math.abs(number) : null;
}

/** How many, from 1 on; null for what is none. */
export function readCount(text: string): number | null {
  const count = readWhole(text);
  return count !== null && count > 0 && count <= mostCounted ? count : null;
}

/** An amount from 0 on with so many decimals at most, in its smallest unit; null for what is none. */
export function readMinor(text: string, places: number): number | null {
  const [whole = "", part = ""] = digitsOf(text)?.split(".") ?? [];
  if (!/^\d+$/.test(whole) || part.length > places) return null;
  const minor = Number(whole + part.padEnd(places, "0"));
  return Number.isSafeInteger(minor) ? minor : null;
}

/** As a program writes it: -1234.5. Full-width figures and commas are those of a Chinese keyboard. */
function digitsOf(text: string): string | null {
  const typed = text.normalize("NFKC").trim().replace(/\s/g, " ");
  const sign = minus.test(typed) ? "-" : "";
  const size = typed.replace(sign === "" ? /^\+ ?/ : minus, "");
  if (grouped.test(size)) return sign + size.replace(/[, ]/g, "");
  if (plain.test(size)) return sign + size.replace(/^\./, "0.");
  return commaForPoint.test(size) ? sign + size.replace(",", ".") : null;
}
