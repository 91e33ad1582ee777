/** The test cards, as Stripe documents them: a number says what its issuer does. */

export type Behaviour =
  | "success"
  | "decline"
  | "insufficient_funds"
  | "lost_card"
  | "stolen_card"
  | "expired_card"
  | "incorrect_cvc"
  | "processing_error"
  /** Saved without complaint, declined whenever it is charged. */
  | "decline_on_charge"
  /** Asks for 3-D Secure until it was authenticated once for later use. */
  | "authenticate_once"
  /** Asks for 3-D Secure at each payment, also when nobody is there. */
  | "authenticate_always"
  /** Charged, and disputed afterwards. */
  | "dispute";

export type TestCard = {
  number: string;
  brand: "visa" | "mastercard" | "amex";
  behaviour: Behaviour;
  /** The payment method Stripe's documentation names for it. */
  token: string | null;
};

const card = (
  number: string,
  behaviour: Behaviour,
  token: string | null,
  brand: TestCard["brand"] = "visa",
) => ({
  number,
  brand,
  behaviour,
  token,
});

export const testCards: readonly TestCard[] = [
  card("4242424242424242", "success", "pm_card_visa"),
  card("5555555555554444", "success", "pm_card_mastercard", "mastercard"),
  card("378282246310005", "success", "pm_card_amex", "amex"),
  card("4000000000000002", "decline", "pm_card_visa_chargeDeclined"),
  card("4000000000009995", "insufficient_funds", "pm_card_visa_chargeDeclinedInsufficientFunds"),
  card("4000000000009987", "lost_card", "pm_card_visa_chargeDeclinedLostCard"),
  card("4000000000009979", "stolen_card", "pm_card_visa_chargeDeclinedStolenCard"),
  card("4000000000000069", "expired_card", "pm_card_chargeDeclinedExpiredCard"),
  card("4000000000000127", "incorrect_cvc", "pm_card_chargeDeclinedIncorrectCvc"),
  card("4000000000000119", "processing_error", "pm_card_chargeDeclinedProcessingError"),
  card("4000000000000341", "decline_on_charge", "pm_card_chargeCustomerFail"),
  card("4000002500003155", "authenticate_once", "pm_card_authenticationRequiredOnSetup"),
  card("4000002760003184", "authenticate_always", "pm_card_authenticationRequired"),
  card("4000000000003220", "authenticate_always", "pm_card_threeDSecure2Required"),
  card("4000000000000259", "dispute", "pm_card_createDispute"),
];

/** Test tokens: the last part of `tok_visa` and its like. */
const tokens: Record<string, string> = {
  tok_visa: "4242424242424242",
  tok_mastercard: "5555555555554444",
  tok_amex: "378282246310005",
  tok_chargeDeclined: "4000000000000002",
  tok_visa_chargeDeclined: "4000000000000002",
  tok_chargeDeclinedInsufficientFunds: "4000000000009995",
  tok_chargeCustomerFail: "4000000000000341",
  tok_threeDSecure2Required: "4000000000003220",
  tok_createDispute: "4000000000000259",
};

/** The card with this number. */
export function testCard(number: string): TestCard | undefined {
  return testCards.find((known) => known.number === number);
}

/** The card that a documented name such as `pm_card_visa` or `tok_visa` stands for. */
export function cardOfToken(token: string): TestCard | undefined {
  return testCards.find((known) => known.token === token) ?? testCard(tokens[token] ?? "");
}

export type Decline = { code: string; decline_code: string; message: string };

const declined = (decline_code: string): Decline => ({
  code: "card_declined",
  decline_code,
  message: "Your card was declined.",
});
const declines: Partial<Record<Behaviour, Decline>> = {
  decline: declined("generic_decline"),
  decline_on_charge: declined("generic_decline"),
  lost_card: declined("lost_card"),
  stolen_card: declined("stolen_card"),
  insufficient_funds: { ...declined("insufficient_funds"), message: "Your card has insufficient funds." },
  expired_card: { code: "expired_card", decline_code: "expired_card", message: "Your card has expired." },
  incorrect_cvc: {
    code: "incorrect_cvc",
    decline_code: "incorrect_cvc",
    message: "Your card's security code is incorrect.",
  },
  processing_error: {
    code: "processing_error",
    decline_code: "processing_error",
    message: "An error occurred while processing your card. Try again in a little bit.",
  },
};

/** Why the issuer refuses to charge it, or null. */
export function declineOnCharge(behaviour: Behaviour): Decline | null {
  return declines[behaviour] ?? null;
}

/** Why the issuer refuses to let it be saved, or null. */
export function declineOnSetup(behaviour: Behaviour): Decline | null {
  return behaviour === "decline_on_charge" ? null : declineOnCharge(behaviour);
}

/** True when the issuer wants to see the customer before this payment. */
export function wantsAuthentication(behaviour: Behaviour, wasAuthenticated: boolean): boolean {
  return behaviour === "authenticate_always" || (behaviour === "authenticate_once" && !wasAuthenticated);
}
