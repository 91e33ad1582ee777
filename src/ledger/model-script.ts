import fc from "fast-check";
import type { AccountId, Command } from "./command";

/** Random commands for the model's tests. */

/** Where the tests' clock starts: the last day of a February. */
export const epoch = Date.UTC(2027, 1, 28);

/** A command without its account and key, as the generator makes it. */
type Ask = Command extends infer C ? (C extends Command ? Omit<C, "accountId" | "key"> : never) : never;

const few = fc.bigInt(1n, 30n);
const cause = fc.constant("tool:model");
const holdId = fc.nat(25).map((n) => `hold_${n}` as const);
const grantId = fc.nat(25).map((n) => `grant_${n}` as const);
const expiresAt = fc.option(fc.nat(400).map((second) => new Date(epoch + second * 1000)));
/** A plan's lots end together, so that there is something to carry over. */
const periodEnd = fc.nat(10).map((n) => new Date(epoch + n * 40_000));
const ask: fc.Arbitrary<Ask> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      verb: fc.constant("grant"),
      credits: few,
      grantId,
      expiresAt,
      cause,
      source: fc.constant("pack"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      verb: fc.constant("grant"),
      credits: few,
      grantId,
      expiresAt: periodEnd,
      cause,
      source: fc.constant("plan"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      verb: fc.constant("carry"),
      endedAt: periodEnd,
      most: fc.bigInt(0n, 40n),
      grantId,
      expiresAt: periodEnd,
      cause,
    }),
  },
  { weight: 4, arbitrary: fc.record({ verb: fc.constant("charge"), credits: few, cause }) },
  {
    weight: 4,
    arbitrary: fc.record({
      verb: fc.constant("hold"),
      credits: fc.bigInt(0n, 30n),
      holdId,
      lifetimeSeconds: fc.integer({ min: 1, max: 90 }),
      cause,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ verb: fc.constant("capture"), credits: fc.bigInt(0n, 30n), holdId, cause }),
  },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant("release"), holdId, cause }) },
  {
    weight: 1,
    arbitrary: fc.record({
      verb: fc.constant("extend"),
      holdId,
      lifetimeSeconds: fc.integer({ min: 1, max: 90 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("reverse"), credits: few, grantId, cause }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("expire"), holdId }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("expire") }) },
);

/** `again` repeats an earlier command whole, or only its key with other arguments. */
export const step = fc.record({
  ask,
  account: fc.nat(4),
  again: fc.oneof(
    { weight: 17, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.record({ back: fc.integer({ min: 1, max: 30 }), whole: fc.constant(true) }) },
    { weight: 1, arbitrary: fc.record({ back: fc.integer({ min: 1, max: 30 }), whole: fc.constant(false) }) },
  ),
  lane: fc.nat(4),
  /** How many seconds the clock is moved before it; mostly none. */
  wait: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(8) }),
});
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Expiries are made up as seconds after the epoch, and meant as seconds after the run's start. */
function fromSecond(ask: Ask, second: number): Ask {
  const later = (at: Date) => new Date(at.getTime() + second * 1000);
  if (ask.verb === "carry") return { ...ask, endedAt: later(ask.endedAt), expiresAt: later(ask.expiresAt) };
  if (ask.verb !== "grant" || !ask.expiresAt) return ask;
  return { ...ask, expiresAt: later(ask.expiresAt) };
}

/** The commands of steps, for these accounts, from a second of the clock on. */
export function script(steps: readonly Step[], accounts: readonly AccountId[], second: number): Command[] {
  const made: Command[] = [];
  steps.forEach(({ ask, account, again }, index) => {
    const own: Command = {
      ...fromSecond(ask, second),
      accountId: accounts[account % accounts.length] ?? "acct_none",
      key: `k${index}`,
    };
    const earlier = again ? made[index - again.back] : undefined;
    if (earlier && again?.whole) made.push(earlier);
    else made.push(earlier ? { ...own, accountId: earlier.accountId, key: earlier.key } : own);
  });
  return made;
}
