import { createHash, randomBytes } from "node:crypto";
import { config } from "#platform/config";

/**
 * The secret of an API key: `tm_live_` or `tm_test_` (a site in development) and 256 random bits. So long a
 * secret cannot be guessed, so its plain SHA-256 is what is stored and looked up.
 */

const form = /^tm_(live|test)_[0-9a-z]{50}$/;

export function newSecret(): string {
  const bits = BigInt(`0x${randomBytes(32).toString("hex")}`);
  return `tm_${config().production ? "live" : "test"}_${bits.toString(36).padStart(50, "0")}`;
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
