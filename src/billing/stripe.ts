import Stripe from "stripe";
import { config } from "#platform/config";
import { log } from "#platform/log";
import { Refusal } from "#platform/refusal";
import { singleton } from "#platform/singleton";

/** The way to Stripe: the SDK, its settings, and what its errors mean to a customer. */

export type StripeConnection = {
  /** Another server that speaks Stripe's API. */
  url?: string | undefined;
  secretKey: string;
  webhookSecret: string;
};

type Open = StripeConnection & { client: Stripe };
const slot = singleton<Open | null>("billing.stripe");

/** Connects to this instead of what the settings name: the sandbox of a development site, or a test's. */
export function connectStripe(connection: StripeConnection): void {
  slot.set(open(connection));
}

/** Whether this site takes payments. */
export function sells(): boolean {
  return connection() !== null;
}

/** Whether the key is one of Stripe's live mode: otherwise nobody pays anything. */
export function takesRealMoney(): boolean {
  return /^[rs]k_live_/.test(connection()?.secretKey ?? "");
}

/** @throws Refusal payments_off when the site takes no payments */
export function stripe(): Stripe {
  return requireConnection().client;
}

/** @throws Refusal payments_off */
export function webhookSecret(): string {
  return requireConnection().webhookSecret;
}

/**
 * Asks Stripe for a customer who waits.
 * @throws Refusal payment_failed for a card that was refused, card_missing when there is none,
 *   payments_unreachable when Stripe is, payments_off when it knows neither the customer nor what is bought
 */
export async function askStripe<T>(ask: (client: Stripe) => Promise<T>): Promise<T> {
  try {
    return await ask(stripe());
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError) {
      throw new Refusal("payment_failed", { reason: error.decline_code ?? error.code ?? null });
    }
    if (
      error instanceof Stripe.errors.StripeConnectionError ||
      error instanceof Stripe.errors.StripeRateLimitError ||
      error instanceof Stripe.errors.StripeAPIError
    ) {
      throw new Refusal("payments_unreachable", { retryAfterSeconds: 5 });
    }
    if (lacksCard(error)) throw new Refusal("card_missing");
    if (isOfOtherKeys(error)) {
      log().error(
        { err: error },
        "Stripe does not know what we know by its word: are the keys of another account?",
      );
      throw new Refusal("payments_off");
    }
    throw error;
  }
}

/** Whether Stripe says that there is nothing by the id it was asked for. */
export function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing";
}

/** Stripe has one code for all that it does not find; what it has not found stands in the sentence alone. */
function isOfOtherKeys(error: unknown): boolean {
  const sentence = /^No such (customer|price)\b|a similar object exists in (test|live) mode/;
  return isMissing(error) && error instanceof Error && sentence.test(error.message);
}

function lacksCard(error: unknown): boolean {
  const sentence = /no attached payment source|no `?default_payment_method/;
  return isMissing(error) && error instanceof Error && sentence.test(error.message);
}

/** The id of what Stripe gives as an id or as the whole object. */
export function idOf(reference: string | { id: string } | null | undefined): string | null {
  if (reference === null || reference === undefined) return null;
  return typeof reference === "string" ? reference : reference.id;
}

/** Stripe's times are in seconds. */
export function timeOf(seconds: number): Date {
  return new Date(seconds * 1000);
}

function requireConnection(): Open {
  const found = connection();
  if (!found) throw new Refusal("payments_off");
  return found;
}

function connection(): Open | null {
  return slot.once(() => {
    const { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, STRIPE_API_BASE } = config();
    if (!STRIPE_SECRET_KEY || !STRIPE_WEBHOOK_SECRET) return null;
    return open({
      url: STRIPE_API_BASE,
      secretKey: STRIPE_SECRET_KEY,
      webhookSecret: STRIPE_WEBHOOK_SECRET,
    });
  });
}

function open(connection: StripeConnection): Open {
  return { ...connection, client: new Stripe(connection.secretKey, { ...common, ...host(connection.url) }) };
}

const common = {
  appInfo: { name: "Toolmint" },
  maxNetworkRetries: 2,
  timeout: 20_000,
  telemetry: false,
} as const;

function host(url: string | undefined): { protocol?: "http" | "https"; host?: string; port?: string } {
  if (!url) return {};
  const { protocol, hostname, port } = new URL(url);
  return { protocol: protocol === "http:" ? "http" : "https", host: hostname, ...(port && { port }) };
}
