import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "#platform/id";
import { testDatabase } from "#test";
import { openAccount } from "./account";
import type { AccountId } from "./command";
import { listEntries } from "./entries";
import { capture, charge, grant, hold, stopLedger } from "./submit";
import { traceEntry, traceLot } from "./trace";

const { db } = testDatabase();

let accountId: AccountId;
const reference = { type: "run", id: newId("run") } as const;

beforeAll(async () => {
  accountId = await db().transaction((tx) => openAccount(tx, { ownerType: "user", ownerId: newId("user") }));
  const soon = new Date(Date.now() + 86_400_000);
  await grant({ accountId, key: "g1", credits: 10n, source: "promo", expiresAt: soon, cause: "promo" });
  await grant({ accountId, key: "g2", credits: 50n, source: "pack", expiresAt: null, cause: "pack" });
  const held = await hold({
    ...{ accountId, key: "h", credits: 25n, cause: "tool:ocr", reference, lifetimeSeconds: 600 },
  });
  if (!held.holdId) throw new Error("no hold");
  await capture({ accountId, key: "c", holdId: held.holdId, credits: 14n, cause: "tool:ocr", reference });
  await charge({ accountId, key: "d", credits: 5n, cause: "api" });
  return stopLedger;
});

/** The trace of the entry at this place of the journal. */
async function traceAt(seq: bigint) {
  const found = await traceEntry(db(), accountId, seq);
  if (!found) throw new Error(`no entry ${seq}`);
  return found;
}

describe("a trace", () => {
  it("leads from what a run was charged to its hold, with all the lots it took from, and to the lot", async () => {
    const { entry, lot, issued, hold: held } = await traceAt(4n);
    expect(entry).toMatchObject({ kind: "consumed", credits: -4n, source: "pack", reference });
    expect(lot).toMatchObject({ source: "pack", credits: 50n, remaining: 41n, held: 0n, expiresAt: null });
    expect(issued).toMatchObject({ seq: 2n, kind: "issued", credits: 50n, cause: "pack" });
    expect(held).toMatchObject({ credits: 25n, captured: 14n, status: "captured" });
    expect(held?.lots).toMatchObject([
      { source: "promo", credits: 10n },
      { source: "pack", credits: 15n },
    ]);
  });

  it("of a charge at once has no hold; of an issue, its own entry", async () => {
    expect(await traceAt(5n)).toMatchObject({ entry: { credits: -5n }, hold: null });
    const { entry, issued, hold: held } = await traceAt(1n);
    expect(issued).toEqual(entry);
    expect(held).toBeNull();
  });

  it("of a lot is that of the entry that issued it", async () => {
    const { lot } = await traceAt(2n);
    expect(await traceLot(db(), accountId, lot.grantId)).toEqual(await traceAt(2n));
  });

  it("is found for every entry, and for nobody else's", async () => {
    const { entries } = await listEntries(db(), accountId, { limit: 100 });
    for (const { seq, grantId } of entries) {
      const found = await traceAt(seq);
      expect(found.lot.grantId).toBe(grantId);
      expect(found.issued).toMatchObject({ kind: "issued", grantId });
    }
    const other = await db().transaction((tx) =>
      openAccount(tx, { ownerType: "user", ownerId: newId("user") }),
    );
    expect(await traceEntry(db(), other, 1n)).toBeNull();
    expect(await traceLot(db(), other, (await traceAt(1n)).lot.grantId)).toBeNull();
    expect(await traceEntry(db(), accountId, 99n)).toBeNull();
  });
});

it("a lot issued in the same batch as others is still found", async () => {
  const many = await Promise.all(
    Array.from({ length: 20 }, (_, place) =>
      grant({
        ...{ accountId, key: `many${place}`, credits: 1n },
        ...{ source: "promo", expiresAt: null, cause: "promo" },
      }),
    ),
  );
  for (const { grantId } of many) {
    if (!grantId) throw new Error("no lot");
    expect((await traceLot(db(), accountId, grantId))?.issued.grantId).toBe(grantId);
  }
});
