import { type Id, isId, newId } from "#platform/id";
import { readSignedCookie, signedCookie } from "./cookie";

/** Somebody without an account who tries a tool: known by a signed cookie that lasts a day. */

const name = "visitor";
const lifetimeSeconds = 24 * 60 * 60;

/** The visitor these headers belong to, or null. */
export function readVisitor(headers: Headers): Id<"visitor"> | null {
  const value = readSignedCookie(headers, name);
  return value && isId("visitor", value) ? value : null;
}

/** A new visitor, with the Set-Cookie header that makes the browser remember it. */
export function signVisitor(): { id: Id<"visitor">; setCookie: string } {
  const id = newId("visitor");
  return { id, setCookie: signedCookie(name, id, lifetimeSeconds) };
}
