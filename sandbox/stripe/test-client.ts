import Stripe from "stripe";
import { afterAll, beforeAll } from "vitest";
import { type SandboxOptions, type StripeSandbox, startStripeSandbox } from "./server";

/** A sandbox for a test file, the real SDK that talks to it, and the events it sends. */
export function testSandbox(options: SandboxOptions = {}) {
  const held: { sandbox?: StripeSandbox; stripe?: Stripe } = {};
  beforeAll(async () => {
    held.sandbox = await startStripeSandbox(options);
    held.stripe = clientOf(held.sandbox);
  });
  afterAll(() => held.sandbox?.stop());
  return {
    get sandbox(): StripeSandbox {
      if (!held.sandbox) throw new Error("The sandbox starts in beforeAll.");
      return held.sandbox;
    },
    get stripe(): Stripe {
      if (!held.stripe) throw new Error("The sandbox starts in beforeAll.");
      return held.stripe;
    },
  };
}

/** The SDK, pointed at the sandbox. */
export function clientOf(
  { url, secretKey }: Pick<StripeSandbox, "url" | "secretKey">,
  key = secretKey,
): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe(key, { protocol: "http", host: hostname, port, maxNetworkRetries: 0, telemetry: false });
}

/** The error a request ends with. @throws when it succeeds */
export async function refusalOf(request: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const error: unknown = await request.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof Stripe.errors.StripeError) return error;
  throw error instanceof Error ? error : new Error("The request was not refused.");
}
