import { createHmac, randomBytes } from "node:crypto";
import { authSecret } from "#platform/secret";
import { readSignedCookie, signedCookie } from "./cookie";

/**
 * Devices on which somebody has signed in before. Each has its own allowance of tries, so that strangers who
 * use up those of a mail address, on purpose or not, lock nobody out of the browser they always use.
 */

const name = "device";
const lifetimeSeconds = 365 * 24 * 60 * 60;
/** People who share a browser; the one who was there longest ago is forgotten first. */
const mostPeople = 8;

type Device = { id: string; people: readonly string[] };

/**
 * Whom a try counts for when it comes from a device that knows the address: this person on this device. Null
 * for any other device.
 */
export function knownDevice(headers: Headers, email: string): string | null {
  const device = readDevice(headers);
  const person = nameOf(email);
  return device?.people.includes(person) ? `${device.id}:${person}` : null;
}

/** A Set-Cookie header that makes the device remember who signed in. */
export function rememberDevice(headers: Headers, email: string): string {
  const { id, people } = readDevice(headers) ?? { id: randomBytes(12).toString("base64url"), people: [] };
  const person = nameOf(email);
  const next = [person, ...people.filter((known) => known !== person)].slice(0, mostPeople);
  return signedCookie(name, [id, ...next].join("~"), lifetimeSeconds);
}

function readDevice(headers: Headers): Device | null {
  const value = readSignedCookie(headers, name) ?? "";
  // Other cookies are signed alike: what is not of this form was not made here.
  if (!/^[\w-]{16}(~[\w-]{22}){1,8}$/.test(value)) return null;
  const [id = "", ...people] = value.split("~");
  return { id, people };
}

/** The address itself is not kept in the browser, nor can it be guessed from what is. */
function nameOf(email: string): string {
  return createHmac("sha256", authSecret())
    .update(`device:${email}`)
    .digest()
    .subarray(0, 16)
    .toString("base64url");
}
