import type Stripe from "stripe";

/** The API version whose objects the sandbox answers with: the one the SDK pins. */
export const apiVersion: typeof Stripe.API_VERSION = "2026-10-28.endive";
