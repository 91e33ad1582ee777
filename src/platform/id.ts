import { randomBytes } from "node:crypto";

/** Ids say what they name and sort by the time they were made: `run_01jd…`. */
const prefixes = {
  user: "usr",
  session: "ses",
  identity: "idn",
  verification: "ver",
  key: "jwk",
  apiKey: "key",
  account: "acct",
  grant: "grant",
  hold: "hold",
  run: "run",
  upload: "upl",
  file: "file",
  mail: "mail",
  request: "req",
  visitor: "vis",
  worker: "wrk",
  act: "act",
  reconciliation: "rec",
  code: "code",
  adjustment: "adj",
  price: "prc",
  checkout: "chk",
  topUp: "top",
} as const;

export type IdKind = keyof typeof prefixes;
export type Id<K extends IdKind> = `${(typeof prefixes)[K]}_${string}`;

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

function base32(value: bigint, length: number): string {
  let rest = value;
  let out = "";
  for (let i = 0; i < length; i++) {
    out = alphabet.charAt(Number(rest & 31n)) + out;
    rest >>= 5n;
  }
  return out;
}

/** A new id: 48 bits of time in ms and 80 random bits, in Crockford's base 32 (the ULID layout). */
export function newId<K extends IdKind>(kind: K, nowMs: number = Date.now()): Id<K> {
  const random = BigInt(`0x${randomBytes(10).toString("hex")}`);
  return `${prefixes[kind]}_${base32(BigInt(nowMs), 10)}${base32(random, 16)}`;
}

/** True when `value` has the form of an id of that kind. */
export function isId<K extends IdKind>(kind: K, value: string): value is Id<K> {
  return (
    value.startsWith(`${prefixes[kind]}_`) && /^[0-9a-z]{26}$/.test(value.slice(prefixes[kind].length + 1))
  );
}
