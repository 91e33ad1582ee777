import { atMost, fixed, type PriceRule, type Units } from "#tools/define";
import type { HttpWork } from "./http-work";

/** The price as a tool has it. */
export function httpPrice({ price }: HttpWork): PriceRule<unknown, unknown> {
  if (price.kind === "fixed") return fixed(price.run);
  const { rates, most, minimum } = price;
  const units: Units = most;
  return atMost({ ...rates, minimum }, () => ({ ...units }));
}
