import {
  type AccountId,
  applyCommands,
  type Command,
  expireLots,
  expireOverdueHolds,
  type Outcome,
  submit,
} from "#ledger";
import { isDatabaseAway } from "#platform/database-away";
import { db } from "#platform/db";
import { Refusal } from "#platform/refusal";
import { type Chance, pause } from "./chance";
import type { Record, RecordFile } from "./record";

/** What no customer does: grants, alone and two at once, reversals and the jobs, from inside the site. */
export type House = { stop: () => Promise<void> };

type Lot = { accountId: AccountId; grantId: NonNullable<Outcome["grantId"]>; credits: number };

export function openHouse(
  accounts: { few: readonly AccountId[]; many: readonly AccountId[] },
  records: RecordFile,
  chance: Chance,
): House {
  const lots: Lot[] = [];
  let count = 0;
  let stopping = false;

  async function work(): Promise<void> {
    while (!stopping) {
      await act().catch((error: unknown) => records.keep({ complaint: `the house failed: ${error}` }));
      await pause(chance.between(5, 40));
    }
  }

  async function act(): Promise<void> {
    count += 1;
    const lot = lots.length > 0 ? chance.pick(lots) : null;
    const kind = chance.share();
    if (kind < 0.05) return look();
    if (kind < 0.15) return settle([{ verb: "expire", accountId: anAccount(), key: `house:${count}` }]);
    if (kind < 0.3 && lot) {
      const credits = BigInt(chance.between(1, lot.credits));
      const { accountId, grantId } = lot;
      return settle([{ verb: "reverse", accountId, grantId, credits, ...naming(`house:${count}`) }]);
    }
    if (kind < 0.45) return settle([aGrant(`pair:${count}:a`), aGrant(`pair:${count}:b`)]);
    return settle([aGrant(`house:${count}`)]);
  }

  /** The jobs' work, which other processes do at the same time. */
  async function look(): Promise<void> {
    try {
      await (chance.odds(0.5) ? expireOverdueHolds() : expireLots());
    } catch (error) {
      if (!isDatabaseAway(error)) records.keep({ complaint: `a job failed: ${error}` });
    }
  }

  function remember(lot: Lot): void {
    if (lots.length < 1_000) lots.push(lot);
    else lots[count % lots.length] = lot;
  }

  function anAccount(): AccountId {
    return chance.pick(chance.odds(0.5) ? accounts.few : accounts.many);
  }

  function naming(key: string) {
    return { key, cause: "torture", reference: { type: "charge", id: key } } as const;
  }

  function aGrant(key: string): Command {
    const expiresAt = chance.odds(0.5) ? new Date(Date.now() + chance.between(500, 20_000)) : null;
    const credits = BigInt(chance.between(1, 400));
    return { verb: "grant", accountId: anAccount(), source: "pack", credits, expiresAt, ...naming(key) };
  }

  /** One goes through the batcher, two in a transaction. */
  async function settle(commands: readonly Command[]): Promise<void> {
    for (let requests = 1; ; requests += 1) {
      const told = await tryOnce(commands);
      if (typeof told !== "string") {
        for (const [index, outcome] of told.entries()) {
          keep(commands[index], { fate: "applied", code: "", requests, outcome });
          const { verb, accountId, grantId, credits } = outcome;
          if (verb === "grant" && grantId) remember({ accountId, grantId, credits: Number(credits) });
        }
        return;
      }
      const giveUp = stopping || chance.odds(0.1);
      const final = told !== "unknown" && (told !== "not_applied" || giveUp);
      if (final || (giveUp && told === "unknown")) {
        const fate =
          requests > 1 || told === "unknown" ? "unknown" : told === "not_applied" ? told : "refused";
        for (const command of commands) keep(command, { fate, code: told, requests, outcome: null });
        return;
      }
      await pause(chance.between(20, 400));
    }
  }

  function keep(
    command: Command | undefined,
    {
      fate,
      code,
      requests,
      outcome,
    }: Pick<Record, "fate" | "code" | "requests"> & { outcome: Outcome | null },
  ): void {
    if (!command) return;
    records.keep({
      ...{ id: command.key, account: command.accountId, verb: command.verb, fate, code, requests },
      credits: "credits" in command ? Number(command.credits) : 0,
      hold: outcome?.holdId ?? null,
      run: null,
      lot: outcome?.grantId ?? ("grantId" in command ? command.grantId : null) ?? null,
      told: outcome && {
        credits: Number(outcome.credits),
        available: Number(outcome.available),
        held: Number(outcome.held),
      },
    });
  }

  /** @returns why not, when not. */
  async function tryOnce(commands: readonly Command[]): Promise<Outcome[] | string> {
    const [only] = commands;
    try {
      if (commands.length === 1 && only) return [await submit(only)];
      return await db().transaction((tx) => applyCommands(tx, commands));
    } catch (error) {
      if (error instanceof Refusal) return error.code === "busy" ? String(error.facts.outcome) : error.code;
      if (!isDatabaseAway(error)) records.keep({ complaint: `${only?.verb} ${only?.key} failed: ${error}` });
      return "unknown";
    }
  }

  const lanes = Array.from({ length: 4 }, work);
  return {
    stop: async () => {
      stopping = true;
      await Promise.all(lanes);
    },
  };
}
