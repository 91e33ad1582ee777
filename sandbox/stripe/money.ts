/** Currencies whose minor unit is the currency itself. */
const whole = new Set(["jpy", "krw", "vnd", "clp"]);

/** "$12.00", from the minor unit. */
export function priceText(amount: number, currency: string, locale = "en"): string {
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    // Yuan and yen share a narrow sign.
    currencyDisplay: /^(cny|jpy)$/.test(currency) ? "symbol" : "narrowSymbol",
  }).format(whole.has(currency) ? amount : amount / 100);
}
