import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * Signatures in the form of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and
 * body, by a secret `whsec_…`. Several secrets make several signatures, so that a secret can be changed while
 * both sides run.
 */

const prefix = "whsec_";
/** How far the clocks of both sides may be apart, which is also how long a message can be played again. */
const toleranceSeconds = 300;
/** Without a full stop, which parts what is signed. */
const idForm = /^[\w-]{1,100}$/;

export type SignedHeaders = {
  "webhook-id": string;
  "webhook-timestamp": string;
  "webhook-signature": string;
};

export function newSecret(): string {
  return prefix + randomBytes(32).toString("base64");
}

/** @param secrets the newest first; at least one */
export function signMessage(
  secrets: readonly string[],
  id: string,
  body: string,
  nowMs = Date.now(),
): SignedHeaders {
  const seconds = Math.floor(nowMs / 1000);
  return {
    "webhook-id": id,
    "webhook-timestamp": `${seconds}`,
    "webhook-signature": secrets.map((secret) => signatureOf(secret, id, seconds, body)).join(" "),
  };
}

/**
 * The id of a message that one of the secrets signed within the last minutes; null for every other.
 * @param header reads a header by its name
 */
export function verifyMessage(
  secrets: readonly string[],
  header: (name: keyof SignedHeaders) => string | undefined,
  body: string,
  nowMs = Date.now(),
): string | null {
  const id = header("webhook-id") ?? "";
  const time = header("webhook-timestamp") ?? "";
  const seconds = Number(time);
  const late = Math.abs(nowMs / 1000 - seconds) > toleranceSeconds;
  if (!idForm.test(id) || !/^\d{1,12}$/.test(time) || late) return null;
  // A crowd of signatures would be a crowd of comparisons.
  const given = (header("webhook-signature") ?? "").split(" ").slice(0, 10);
  const wanted = secrets.map((secret) => Buffer.from(signatureOf(secret, id, seconds, body)));
  const isSigned = given.some((one) => {
    const bytes = Buffer.from(one);
    return wanted.some((right) => right.length === bytes.length && timingSafeEqual(right, bytes));
  });
  return isSigned ? id : null;
}

function signatureOf(secret: string, id: string, seconds: number, body: string): string {
  const key = Buffer.from(secret.slice(prefix.length), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64")}`;
}
