import { createCard } from "./payment-method";
import type { World } from "./world";

/** A card as a form gives it: number, "12 / 34", security code, name. */
export type CardForm = Record<string, string>;

/** Makes a payment method of a form's card. @throws StripeFailure when it is none */
export function cardFrom(world: World, { number = "", expiry = "", cvc, name, email }: CardForm): string {
  const [month = "", year = ""] = expiry.split(/\s*\/\s*/);
  return createCard(
    world,
    { number, exp_month: Number(month) || 0, exp_year: 2000 + (Number(year) % 100 || 0), cvc },
    {
      billing_details: { ...(email ? { email } : {}), ...(name ? { name } : {}) },
      allow_redisplay: "always",
    },
  ).id;
}
