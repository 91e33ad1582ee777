import { minorPlaces } from "./formats";

/** What somebody typed as an amount, in the currency's minor unit; null for what is none above 0. */
export function parseMinor(text: string, currency: string): number | null {
  const trimmed = text.trim();
  const places = minorPlaces(currency);
  const form = places === 0 ? /^\d{1,9}$/ : /^\d{1,7}([.,]\d{1,2})?$/;
  if (!form.test(trimmed)) return null;
  const minor = Math.round(Number(trimmed.replace(",", ".")) * 10 ** places);
  return minor > 0 ? minor : null;
}
