import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { newId } from "#platform/id";
import { testDatabase } from "#test";
import { openAccount } from "./account";
import { applyCommands } from "./apply";
import { readBalance } from "./balance";
import type { AccountId, Command } from "./command";

const { db } = testDatabase();

async function anAccount(): Promise<AccountId> {
  return db().transaction((tx) => openAccount(tx, { ownerType: "user", ownerId: newId("user") }));
}

async function apply(...commands: Command[]) {
  return db().transaction((tx) => applyCommands(tx, commands));
}

test("opening an owner's account twice gives the same account", async () => {
  const owner = { ownerType: "user", ownerId: newId("user") } as const;
  const open = () => db().transaction((tx) => openAccount(tx, owner));
  expect(await open()).toBe(await open());
});

describe("the transaction path", () => {
  test("grants, holds, captures and gives back the rest", async () => {
    const accountId = await anAccount();
    const base = { accountId, cause: "tool:ocr" };
    await apply({ ...base, verb: "grant", key: "g", credits: 10n, source: "signup", expiresAt: null });
    const [held] = await apply({ ...base, verb: "hold", key: "h", credits: 6n, lifetimeSeconds: 60 });
    expect(held).toMatchObject({ available: 4n, held: 6n, repeated: false });
    if (!held?.holdId) throw new Error("no hold");
    const [captured] = await apply({ ...base, verb: "capture", key: "c", holdId: held.holdId, credits: 2n });
    expect(captured).toMatchObject({ credits: 2n, available: 8n, held: 0n });
    expect(await readBalance(db(), accountId)).toMatchObject({ available: 8n, held: 0n, total: 8n });
    await expect(apply({ ...base, verb: "charge", key: "x", credits: 9n })).rejects.toMatchObject({
      code: "insufficient_credits",
      facts: { need: 9, have: 8 },
    });
    const first = await apply({ ...base, verb: "charge", key: "y", credits: 8n });
    const again = await apply({ ...base, verb: "charge", key: "y", credits: 8n });
    expect(again).toEqual([{ ...first[0], repeated: true }]);
    const { rows } = await db().execute(
      sql`select seq, kind, credits, total_after from entries order by seq`,
    );
    expect(rows).toHaveLength(3);
  });
});
