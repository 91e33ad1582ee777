import { readSignedCookie, signedCookie } from "./cookie";

/**
 * Which address this browser signed up with. The link of the mail signs that browser in and no other:
 * elsewhere a link that somebody else asked for would sign its reader in to that other's account.
 */

const name = "sign_up";
const lifetimeSeconds = 24 * 60 * 60;

/** The address this browser signed up with, or null. */
export function readSignUp(headers: Headers): string | null {
  return readSignedCookie(headers, name) || null;
}

/** A Set-Cookie header that remembers the address, or forgets it. */
export function signUpCookie(email: string | null): string {
  return signedCookie(name, email ?? "", email === null ? 0 : lifetimeSeconds);
}
