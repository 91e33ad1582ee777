import { createHmac, timingSafeEqual } from "node:crypto";
import { config } from "#platform/config";
import { authSecret } from "#platform/secret";

/** Cookies that carry a value and its signature, in the form better-auth gives its own. */

export const cookiePrefix = "toolmint";

/** Browsers take a cookie of this prefix only over HTTPS. */
const securePrefix = "__Secure-";

/** The full name of one of our cookies. */
export function cookieName(name: string): string {
  return `${config().production ? securePrefix : ""}${cookiePrefix}.${name}`;
}

/** The value of a signed cookie, or null when it is absent or its signature is not ours. */
export function readSignedCookie(headers: Headers, name: string): string | null {
  const wanted = `${cookieName(name)}=`;
  for (const pair of (headers.get("cookie") ?? "").split(";")) {
    const text = pair.trim();
    if (text.startsWith(wanted)) return openSigned(decode(text.slice(wanted.length)));
  }
  return null;
}

/** A Set-Cookie header for a signed, httpOnly cookie. `maxAgeSeconds` 0 deletes it. */
export function signedCookie(name: string, value: string, maxAgeSeconds: number): string {
  const signed = encodeURIComponent(`${value}.${signatureOf(value)}`);
  const secure = config().production ? "; Secure" : "";
  return `${cookieName(name)}=${signed}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secure}`;
}

function openSigned(signed: string | null): string | null {
  const dot = signed?.lastIndexOf(".") ?? -1;
  if (!signed || dot < 1) return null;
  const value = signed.slice(0, dot);
  const given = Buffer.from(signed.slice(dot + 1));
  const right = Buffer.from(signatureOf(value));
  return given.length === right.length && timingSafeEqual(given, right) ? value : null;
}

function signatureOf(value: string): string {
  return createHmac("sha256", authSecret()).update(value).digest("base64");
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
