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
  batch: "batch",
  adjustment: "adj",
  gift: "gift",
  announcement: "ann",
  price: "prc",
  checkout: "chk",
  topUp: "top",
  incident: "inc",
  refund: "rfd",
  note: "note",
  view: "view",
  provider: "prv",
  model: "mdl",
  report: "rpt",
} as const;

export type IdKind = keyof typeof prefixes;
export type Id<K extends IdKind> = `${(typeof prefixes)[K]}_${string}`;

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** Random bytes are fetched many at a time: asking for a few costs as much. */
let pool = randomBytes(0);
let used = 0;

/** Each character 5 random bits. */
function randomPart(): string {
  if (used + 16 > pool.length) {
    pool = randomBytes(4096);
    used = 0;
  }
  let out = "";
  for (const end = used + 16; used < end; used += 1) out += alphabet.charAt((pool[used] ?? 0) & 31);
  return out;
}

function timePart(nowMs: number): string {
  let rest = nowMs;
  let out = "";
  for (let i = 0; i < 10; i += 1) {
    out = alphabet.charAt(rest % 32) + out;
    rest = Math.floor(rest / 32);
  }
  return out;
}

/** A new id: 48 bits of time in ms and 80 random bits, in Crockford's base 32 (the ULID layout). */
export function newId<K extends IdKind>(kind: K, nowMs: number = Date.now()): Id<K> {
  return `${prefixes[kind]}_${timePart(nowMs)}${randomPart()}`;
}

/** What every id of that kind made at or after a time is not less than: a range of ids is a range of time. */
export function firstId(kind: IdKind, at: Date): string {
  return `${prefixes[kind]}_${timePart(at.getTime())}`;
}

/** True when `value` has the form of an id of that kind. */
export function isId<K extends IdKind>(kind: K, value: string): value is Id<K> {
  return (
    value.startsWith(`${prefixes[kind]}_`) && /^[0-9a-z]{26}$/.test(value.slice(prefixes[kind].length + 1))
  );
}
