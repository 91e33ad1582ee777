import { minorPlaces } from "./formats";
import { readMinor } from "./number";

const most = 999_999_999;

/** What somebody typed as an amount, in the currency's minor unit; null for what is none above 0. */
export function parseMinor(text: string, currency: string): number | null {
  const minor = readMinor(text, minorPlaces(currency));
  return minor !== null && minor > 0 && minor <= most ? minor : null;
}
