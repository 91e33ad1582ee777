import { expect } from "vitest";
import { db } from "#platform/db";
import { Refusal } from "#platform/refusal";
import { readBalance } from "./balance";
import { type AccountId, type Command, commandName, hashArguments, type Outcome } from "./command";
import { sumEntries } from "./entries";
import { ModelAccount, type ModelOutcome } from "./model";
import { reconcile } from "./reconcile";
import { apply } from "./testing";

/** What the model's tests compare. */

/** What a key was answered first. */
export type Stored = { hash: string; answer: ModelOutcome };

/** The model's answer to a command that comes after all those before it, keys and all. */
export function serially(
  models: Map<AccountId, ModelAccount>,
  stored: Map<string, Stored>,
  command: Command,
  nowMs: number,
): ModelOutcome {
  const name = commandName(command);
  const hash = hashArguments(command);
  const earlier = stored.get(name);
  if (earlier) return earlier.hash === hash ? earlier.answer : { ok: false, code: "idempotency_conflict" };
  const model = models.get(command.accountId) ?? new ModelAccount();
  const answer = model.apply(command, nowMs);
  if (answer.ok) stored.set(name, { hash, answer });
  return answer;
}

/** An outcome as the model says it. */
export function answered({ credits, available, held }: Outcome) {
  return { ok: true, credits: Number(credits), available: Number(available), held: Number(held) };
}

/** A refusal as the model says it. */
export function answeredNo(reason: unknown) {
  if (!(reason instanceof Refusal)) throw reason;
  return { ok: false, code: reason.code };
}

/** After everything: the model and the ledger have the same, and the books are right. */
export async function compareEnds(models: Map<AccountId, ModelAccount>, nowMs: number): Promise<void> {
  for (const [accountId, model] of models) {
    await apply({ verb: "expire", accountId, key: "at the end" });
    model.passTo(nowMs);
    expect(await readBalance(db(), accountId)).toMatchObject({
      available: BigInt(model.available),
      held: BigInt(model.held),
    });
    const { issued, consumed, expired, reversed } = await sumEntries(db(), accountId, {});
    expect({ issued, consumed, expired, reversed }).toEqual({
      issued: BigInt(model.issued),
      consumed: BigInt(-model.gone.consumed),
      expired: BigInt(-model.gone.expired),
      reversed: BigInt(-model.gone.reversed),
    });
  }
  expect(await reconcile(db())).toEqual([]);
}
