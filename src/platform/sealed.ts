import "#server-only";
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { authSecret } from "./secret";

/**
 * Secrets of others that the site must be able to use again, such as providers' keys: encrypted with AES-256-GCM
 * (NIST SP 800-38D) by a key that HKDF (RFC 5869) makes of AUTH_SECRET. `purpose` is authenticated with the text,
 * so that one row's secret cannot be put into another.
 */

const version = "1";

export function seal(secret: string, purpose: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyFor(), iv).setAAD(Buffer.from(purpose));
  const body = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return `${version}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url")}`;
}

/** @returns null when it was sealed with another AUTH_SECRET, or for something else */
export function unseal(sealed: string, purpose: string): string | null {
  const [form, text = ""] = sealed.split(".");
  const bytes = Buffer.from(text, "base64url");
  if (form !== version || bytes.length < 28) return null;
  const decipher = createDecipheriv("aes-256-gcm", keyFor(), bytes.subarray(0, 12))
    .setAAD(Buffer.from(purpose))
    .setAuthTag(bytes.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}

function keyFor(): Buffer {
  return Buffer.from(hkdfSync("sha256", authSecret(), "", "toolmint sealed secrets", 32));
}
