import fc from "fast-check";
import { expect, test } from "vitest";
import { Refusal } from "#platform/refusal";
import { assertBalanced, type Book, nothingWritten } from "./book";
import type { AccountId, Command, Verb } from "./command";
import { decide } from "./decide";
import { ModelAccount } from "./model";
import { epoch, type Step, script, step } from "./model-script";

/**
 * Each verb against the model, in whatever state the account is: in memory, so that there are many. What the
 * database adds (batches, races, keys) model.test.ts tests.
 */

const accountId: AccountId = "acct_model";
const verbs = Object.keys({
  ...{ grant: true, hold: true, extend: true, capture: true, release: true, charge: true },
  ...{ reverse: true, carry: true, expire: true },
} satisfies Record<Verb, true>);

function emptyBook(): Book {
  const was = { available: 0n, held: 0n, lastEntry: 0n, lastCommand: 0n };
  return {
    ...{ ...was, was, remembered: false, accountId, nowMs: epoch, lots: [] },
    ...{ holds: new Map(), lapsed: new Map(), budgets: new Map() },
    ...nothingWritten(),
  };
}

function answerOf(book: Book, command: Command) {
  try {
    const { credits, available, held } = decide(book, command);
    return { ok: true, credits: Number(credits), available: Number(available), held: Number(held) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, code: error.code };
  }
}

/** Everything the model knows of an account, said of a book. */
function stateOf(book: Book) {
  const sum = (kind: string) =>
    book.entries
      .filter((entry) => entry.kind === kind)
      .reduce((all, { credits }) => all + Math.abs(Number(credits)), 0);
  return {
    lots: book.lots.map((lot) => [`${lot.grantId}`, Number(lot.remaining), Number(lot.held)]).sort(),
    holds: [...book.holds].map(([id, hold]) => [`${id}`, hold.status === "open", hold.expiresAtMs]).sort(),
    gone: { consumed: sum("consumed"), expired: sum("expired"), reversed: sum("reversed") },
    issued: sum("issued"),
  };
}

function stateOfModel({ lots, holds, gone, issued }: ModelAccount) {
  return {
    lots: lots.map(({ name, left, held }) => [name, left, held]).sort(),
    holds: [...holds].map(([id, hold]) => [id, hold.open, hold.deadline]).sort(),
    ...{ gone, issued },
  };
}

test.each(verbs)("%s answers as the model does and leaves what the model leaves, in any state", (verb) => {
  const answers = new Set<string>();
  const steps = fc.array(step, { minLength: 1, maxLength: 40, size: "max" });
  const last = step.filter(({ ask }) => ask.verb === verb);
  const agrees = fc.property(steps, fc.array(last, { minLength: 1, maxLength: 5 }), (before, asked) => {
    const book = emptyBook();
    const model = new ModelAccount();
    const all: Step[] = [...before, ...asked];
    script(all, [accountId], 0).forEach((command, index) => {
      book.nowMs += (all[index]?.wait ?? 0) * 1_000;
      const answer = answerOf(book, command);
      expect(answer).toEqual(model.apply(command, book.nowMs));
      if (command.verb === verb) answers.add(answer.code ?? (answer.credits === 0 ? "nothing" : "applied"));
    });
    expect(stateOf(book)).toEqual(stateOfModel(model));
    assertBalanced(book);
  });
  const wanted = ["applied", ...(refusalsOf[verb] ?? [])];
  // Rare answers come sooner or later, else the generator has become too shy to prove anything.
  for (
    let round = 0;
    round === 0 || (round < 20 && !wanted.every((answer) => answers.has(answer)));
    round++
  ) {
    fc.assert(agrees, { numRuns: 300 });
  }
  expect([...answers]).toEqual(expect.arrayContaining(wanted));
});

/** What each verb is refused for, which has to have happened. */
const refusalsOf: { [verb: string]: string[] } = {
  grant: ["idempotency_conflict"],
  hold: ["idempotency_conflict", "insufficient_credits"],
  extend: ["hold_closed", "not_found"],
  capture: ["hold_closed", "hold_exceeded", "not_found"],
  release: ["hold_closed", "not_found"],
  charge: ["insufficient_credits"],
  reverse: ["insufficient_credits", "not_found"],
  carry: ["busy", "idempotency_conflict", "nothing"],
  expire: ["hold_closed", "not_found", "nothing"],
};
