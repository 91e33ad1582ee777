import { hash } from "node:crypto";
import type { Id } from "#platform/id";
import { Refusal } from "#platform/refusal";

/** What one can ask of the ledger, and what it answers. A command is remembered by its key (L8). */

export type AccountId = Id<"account">;
export type GrantId = Id<"grant">;
export type HoldId = Id<"hold">;
export type ApiKeyId = Id<"apiKey">;

/** Where the credits of a lot came from. */
export type Source = "signup" | "plan" | "pack" | "top-up" | "promo" | "referral" | "adjustment";

/** What a command was for: stored, shown and linked, never looked up by the ledger. */
export type Reference = {
  type: "run" | "user" | "invoice" | "subscription" | "admin" | "charge";
  id: string;
};

/**
 * `key` is unique within the account; derive it from what causes the command (`run_…:hold`), so that a
 * repeat after an unknown outcome has the same. All credits are whole numbers. `cause` says why, in words
 * the pages translate: `tool:<slug>`, `welcome`, `adjustment`.
 */
type Base = { accountId: AccountId; key: string };
/**
 * The API key that asks, if one does. What it charges or holds counts against its budget, and it may touch
 * only holds of its own.
 */
type Asked = { apiKeyId?: ApiKeyId };
type Why = { cause: string; reference?: Reference };

export type GrantCommand = Base &
  Why & { verb: "grant"; credits: bigint; source: Source; expiresAt: Date | null; grantId?: GrantId };
export type HoldCommand = Base &
  Asked &
  Why & { verb: "hold"; credits: bigint; holdId?: HoldId; lifetimeSeconds: number };
export type ExtendCommand = Base & Asked & { verb: "extend"; holdId: HoldId; lifetimeSeconds: number };
/** Takes 0 up to the whole hold, for what it was placed; the rest goes back to the lots it came from. */
export type CaptureCommand = Base &
  Asked &
  Partial<Why> & { verb: "capture"; holdId: HoldId; credits: bigint };
export type ReleaseCommand = Base & Asked & { verb: "release"; holdId: HoldId; cause: string };
/** Hold and capture at once. */
export type ChargeCommand = Base & Asked & Why & { verb: "charge"; credits: bigint };
/** Takes back exactly so many of a lot's unspent credits. */
export type ReverseCommand = Base & Why & { verb: "reverse"; grantId: GrantId; credits: bigint };
/**
 * Grants again, up to `most`, what the plan's lots that expired at `endedAt` left unspent: once for each such
 * end, after it. It may come to nothing.
 */
export type CarryCommand = Base &
  Why & { verb: "carry"; endedAt: Date; most: bigint; expiresAt: Date; grantId?: GrantId };
/** With a hold: closes it if its deadline has passed. Without: expires the lots that are due. */
export type ExpireCommand = Base & { verb: "expire"; holdId?: HoldId };

export type Command =
  | GrantCommand
  | HoldCommand
  | ExtendCommand
  | CaptureCommand
  | ReleaseCommand
  | ChargeCommand
  | ReverseCommand
  | CarryCommand
  | ExpireCommand;

export type Verb = Command["verb"];

export type Outcome = {
  verb: Verb;
  accountId: AccountId;
  key: string;
  /** True when the key was known: nothing happened now, this is what happened then. */
  repeated: boolean;
  /** How many were granted, held, captured, given back, charged, reversed, carried or expired. */
  credits: bigint;
  /** The lot granted, reversed or carried into. */
  grantId: GrantId | null;
  /** The hold placed, extended or closed. */
  holdId: HoldId | null;
  /** The hold's deadline after hold and extend. */
  deadline: Date | null;
  /** The balance right after it. */
  available: bigint;
  held: bigint;
};

/** The most credits an account may have: what a JSON number still says exactly. */
export const maxCredits = BigInt(Number.MAX_SAFE_INTEGER);
const maxLifetimeSeconds = 366 * 24 * 3600;

/**
 * Checks what types do not say.
 * @throws Refusal invalid_request naming the wrong fields.
 */
export function requireSound(command: Command): void {
  const errors: { path: string; message: string }[] = [];
  if (!isShort(command.key)) errors.push({ path: "key", message: shortText });
  if ("cause" in command && !isShort(command.cause)) {
    errors.push({ path: "cause", message: shortText });
  }
  if ("reference" in command && command.reference && !isShort(command.reference.id)) {
    errors.push({ path: "reference.id", message: shortText });
  }
  if ("credits" in command) {
    const least = command.verb === "hold" || command.verb === "capture" ? 0n : 1n;
    if (command.credits < least || command.credits > maxCredits) {
      errors.push({ path: "credits", message: `a whole number from ${least} to ${maxCredits}` });
    }
  }
  if ("lifetimeSeconds" in command) {
    const seconds = command.lifetimeSeconds;
    if (!(seconds > 0 && seconds <= maxLifetimeSeconds)) {
      errors.push({ path: "lifetimeSeconds", message: `more than 0, at most ${maxLifetimeSeconds}` });
    }
  }
  if ("expiresAt" in command && Number.isNaN(command.expiresAt?.getTime())) {
    errors.push({ path: "expiresAt", message: "a time" });
  }
  if (command.verb === "carry") {
    if (command.most < 0n || command.most > maxCredits) {
      errors.push({ path: "most", message: `a whole number from 0 to ${maxCredits}` });
    }
    if (Number.isNaN(command.endedAt.getTime())) errors.push({ path: "endedAt", message: "a time" });
  }
  if (errors.length > 0) throw new Refusal("invalid_request", { errors });
}

const shortText = "1 to 200 characters, no control characters";

/** So that no queue of commands can take much memory. Half of a surrogate pair is refused: no column takes it. */
function isShort(text: string): boolean {
  return /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(text);
}

/**
 * Tells whether two commands with the same key ask for the same. The API key is no argument: whoever had to
 * replace theirs repeats what it began.
 */
export function hashArguments(command: Command): string {
  let text = "";
  for (const [name, value] of Object.entries(command).sort(byName)) {
    if (name === "accountId" || name === "key" || name === "apiKeyId" || value === undefined) continue;
    text += `${name} ${typeof value === "bigint" ? value : JSON.stringify(value)} `;
  }
  return hash("sha256", text, "base64url").slice(0, 22);
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** One name per command, to find its like in a batch. Account ids hold no space. */
export function commandName(command: { accountId: string; key: string }): string {
  return `${command.accountId} ${command.key}`;
}
