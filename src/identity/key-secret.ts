import { createHash, createHmac, randomBytes } from "node:crypto";
import { config } from "#platform/config";
import { authSecret } from "#platform/secret";

/**
 * The secret of an API key: `tm_live_` or `tm_test_` (a site in development) and 256 bits that nobody can
 * guess, so their plain SHA-256 is what is stored and looked up. They follow from the Idempotency-Key of the
 * request that asked for them, the site's own secret and a salt, of which only the salt is stored: whoever
 * repeats the request gets the same secret, and nobody else can (docs/decisions/0007).
 */

const form = /^tm_(live|test)_[0-9a-z]{50}$/;

/** How the secrets begin that this site makes. */
export function keyPrefix(): "tm_live_" | "tm_test_" {
  return config().production ? "tm_live_" : "tm_test_";
}

export function newSalt(): string {
  return randomBytes(32).toString("base64url");
}

export function secretOf(idempotencyKey: string, salt: string): string {
  const digest = createHmac("sha256", authSecret()).update(`api-key ${salt} ${idempotencyKey}`).digest("hex");
  const bits = BigInt(`0x${digest}`);
  return `${keyPrefix()}${bits.toString(36).padStart(50, "0")}`;
}

/** True for what may be a secret at all; anything else need not be looked up. */
export function isSecret(text: string): boolean {
  return form.test(text);
}

export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** What is shown of it afterwards. */
export function hintOf(secret: string): string {
  return `${secret.slice(0, 8)}…${secret.slice(-4)}`;
}
