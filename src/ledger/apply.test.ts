import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { newId } from "#platform/id";
import { testDatabase } from "#test";
import { openAccount } from "./account";
import { applyCommands } from "./apply";
import { readBalance } from "./balance";
import { type Command, maxCredits } from "./command";
import { listHolds } from "./hold-list";
import { reconcile } from "./reconcile";
import { aCharge, aGrant, aHold, aKey, anAccount, apply, applyOne } from "./testing";

const { db } = testDatabase();

const refused = (code: string) => expect.objectContaining({ name: "Refusal", code });

test("opening an owner's account twice, also at once, gives the same account", async () => {
  const owner = { ownerType: "user", ownerId: newId("user") } as const;
  const open = () => db().transaction((tx) => openAccount(tx, owner));
  const [first, second] = await Promise.all([open(), open()]);
  expect(first).toBe(second);
  expect(await open()).toBe(first);
});

describe("every verb", () => {
  test("does its part in the life of a run", async () => {
    const accountId = await anAccount();
    await aGrant(accountId, { credits: 10n });
    const holdId = await aHold(accountId, { credits: 6n });
    expect(await readBalance(db(), accountId)).toMatchObject({ available: 4n, held: 6n, total: 10n });
    const extended = await applyOne({
      verb: "extend",
      accountId,
      key: aKey(),
      holdId,
      lifetimeSeconds: 7200,
    });
    const captured = await applyOne({
      verb: "capture",
      accountId,
      key: aKey(),
      holdId,
      credits: 2n,
      cause: "tool:ocr",
    });
    expect(captured).toMatchObject({ credits: 2n, available: 8n, held: 0n, holdId, repeated: false });
    expect(await listHolds(db(), accountId)).toEqual([
      expect.objectContaining({
        holdId,
        status: "captured",
        captured: 2n,
        expiresAt: extended.deadline,
        reference: { type: "run", id: "run_1" },
      }),
    ]);
    expect(await reconcile(db())).toEqual([]);
  });

  test.each<[string, (c: { accountId: Command["accountId"]; key: string }) => Command]>([
    ["extend", (base) => ({ verb: "extend", ...base, holdId: "hold_x", lifetimeSeconds: 1 })],
    ["capture", (base) => ({ verb: "capture", ...base, holdId: "hold_x", credits: 1n, cause: "x" })],
    ["release", (base) => ({ verb: "release", ...base, holdId: "hold_x", cause: "x" })],
    ["expire", (base) => ({ verb: "expire", ...base, holdId: "hold_x" })],
    ["reverse", (base) => ({ verb: "reverse", ...base, grantId: "grant_x", credits: 1n, cause: "x" })],
  ])("%s of what is not there is not_found", async (_verb, command) => {
    const accountId = await anAccount();
    await expect(apply(command({ accountId, key: aKey() }))).rejects.toEqual(refused("not_found"));
  });

  test("of another account's hold is not_found", async () => {
    const [mine, theirs] = [await anAccount(), await anAccount()];
    await aGrant(theirs);
    const holdId = await aHold(theirs);
    await expect(
      apply({ verb: "release", accountId: mine, key: aKey(), holdId, cause: "x" }),
    ).rejects.toEqual(refused("not_found"));
  });

  test("of an account that is not there is not_found", async () => {
    await expect(apply(aCharge("acct_nobody"))).rejects.toEqual(refused("not_found"));
  });

  test.each([
    ["a charge of nothing", { verb: "charge", credits: 0n, cause: "x" }],
    ["a charge below nothing", { verb: "charge", credits: -5n, cause: "x" }],
    ["a hold below nothing", { verb: "hold", credits: -1n, lifetimeSeconds: 1, cause: "x" }],
    [
      "a hold without end",
      { verb: "hold", credits: 1n, lifetimeSeconds: Number.POSITIVE_INFINITY, cause: "x" },
    ],
    ["a grant beyond all bounds", { verb: "charge", credits: maxCredits + 1n, cause: "x" }],
    ["an empty key", { verb: "charge", credits: 1n, cause: "x", key: "" }],
    ["a key that no column takes", { verb: "charge", credits: 1n, cause: "x", key: "\0" }],
    ["a key with half a character", { verb: "charge", credits: 1n, cause: "x", key: "\ud83d" }],
    ["a cause that fills the memory", { verb: "charge", credits: 1n, cause: "x".repeat(201) }],
    [
      "a reference that fills the memory",
      { verb: "charge", credits: 1n, cause: "x", reference: { type: "run", id: "x".repeat(201) } },
    ],
  ] as const)("refuses %s", async (_what, command) => {
    const accountId = await anAccount();
    await aGrant(accountId);
    await expect(apply({ accountId, key: aKey(), ...command })).rejects.toEqual(refused("invalid_request"));
  });

  test("leaves an account that would have more than a JSON number tells exactly", async () => {
    const accountId = await anAccount();
    await aGrant(accountId, { credits: maxCredits });
    await expect(aGrant(accountId, { credits: 1n })).rejects.toEqual(refused("invalid_request"));
  });
});

describe("a group in one transaction", () => {
  test("stands or falls together", async () => {
    const [rich, poor] = [await anAccount(), await anAccount()];
    await aGrant(rich, { credits: 5n });
    await expect(apply(aCharge(rich), aCharge(poor))).rejects.toEqual(refused("insufficient_credits"));
    expect((await readBalance(db(), rich)).available).toBe(5n);
    await aGrant(poor, { credits: 1n });
    expect(await apply(aCharge(rich), aCharge(poor))).toHaveLength(2);
  });

  test("does not wait for a locked account without bound, nor keep one locked when its process vanishes", async () => {
    const accountId = await anAccount();
    const settings = await db().transaction(async (tx) => {
      await applyCommands(tx, [{ verb: "expire", accountId, key: aKey() }]);
      const { rows } = await tx.execute(sql`
        select current_setting('lock_timeout') as lock,
          current_setting('idle_in_transaction_session_timeout') as idle`);
      return rows;
    });
    expect(settings).toEqual([{ lock: "10s", idle: "30s" }]);
  });

  test("falls with the transaction around it", async () => {
    const accountId = await anAccount();
    await expect(
      db().transaction(async (tx) => {
        await applyCommands(tx, [
          { verb: "grant", accountId, key: "g", credits: 1n, source: "promo", expiresAt: null, cause: "x" },
        ]);
        throw new Error("the job could not be enqueued");
      }),
    ).rejects.toThrow("enqueued");
    expect((await readBalance(db(), accountId)).total).toBe(0n);
  });
});

describe("a key (L8)", () => {
  test("with the same arguments gives the first result, also when it could not be given again", async () => {
    const accountId = await anAccount();
    await aGrant(accountId, { credits: 5n });
    const all = aCharge(accountId, { credits: 5n });
    const first = await applyOne(all);
    expect(await applyOne(all)).toEqual({ ...first, repeated: true });
    const holdId = await aHold(accountId, { credits: 0n });
    const release: Command = { verb: "release", accountId, key: aKey(), holdId, cause: "x" };
    const released = await applyOne(release);
    expect(await applyOne(release)).toEqual({ ...released, repeated: true });
    expect((await readBalance(db(), accountId)).total).toBe(0n);
  });

  test("with other arguments is a conflict", async () => {
    const accountId = await anAccount();
    await aGrant(accountId, { credits: 5n });
    await apply(aCharge(accountId, { key: "k" }));
    await expect(apply(aCharge(accountId, { key: "k", credits: 2n }))).rejects.toEqual(
      refused("idempotency_conflict"),
    );
  });

  test("belongs to its account: another account may use the same", async () => {
    const [one, other] = [await anAccount(), await anAccount()];
    await aGrant(one);
    await aGrant(other);
    await apply(aCharge(one, { key: "same" }));
    expect(await applyOne(aCharge(other, { key: "same" }))).toMatchObject({ repeated: false });
  });

  test("of a refused command is decided anew", async () => {
    const accountId = await anAccount();
    const command = aCharge(accountId, { credits: 3n });
    await expect(apply(command)).rejects.toEqual(refused("insufficient_credits"));
    await aGrant(accountId, { credits: 3n });
    expect(await applyOne(command)).toMatchObject({ repeated: false, available: 0n });
  });

  test("known from before is answered among new ones, twice in a group is applied once", async () => {
    const accountId = await anAccount();
    await aGrant(accountId, { credits: 10n });
    const old = aCharge(accountId);
    const twice = aCharge(accountId);
    await apply(old);
    const outcomes = await apply(aCharge(accountId), old, twice, twice, aCharge(accountId));
    expect(outcomes.map(({ repeated }) => repeated)).toEqual([false, true, false, true, false]);
    expect((await readBalance(db(), accountId)).available).toBe(6n);
  });
});

describe("append-only (L7)", () => {
  test.each(["entries", "hold_lots", "commands"])("%s refuse UPDATE, DELETE and TRUNCATE", async (table) => {
    const accountId = await anAccount();
    await aGrant(accountId);
    await aHold(accountId);
    const refusal = expect.objectContaining({
      cause: expect.objectContaining({ message: expect.stringContaining("append-only") }),
    });
    for (const statement of [
      `update ${table} set account_id = account_id`,
      `delete from ${table}`,
      `truncate ${table}`,
    ]) {
      await expect(db().execute(sql.raw(statement))).rejects.toEqual(refusal);
    }
  });

  test.each([
    ["accounts_available_not_negative", "update accounts set available = -1"],
    ["accounts_held_not_negative", "update accounts set held = -1"],
    ["grants_remaining_not_negative", "update grants set remaining = -1"],
    ["grants_held_not_negative", "update grants set held = -1, remaining = 0"],
    ["grants_not_more_than_granted", "update grants set remaining = credits + 1"],
    ["holds_captured", "update holds set captured = credits + 1, status = 'captured', ended_at = now()"],
    ["holds_ended_when_closed", "update holds set status = 'released' where status = 'open'"],
  ])("the database itself keeps %s", async (constraint, statement) => {
    const accountId = await anAccount();
    await aGrant(accountId);
    await aHold(accountId);
    await expect(db().execute(sql.raw(statement))).rejects.toEqual(
      expect.objectContaining({ cause: expect.objectContaining({ constraint }) }),
    );
  });
});
