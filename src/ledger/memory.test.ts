import { sql } from "drizzle-orm";
import { afterEach, describe, expect, test } from "vitest";
import { databaseUrl } from "#platform/db";
import { cutConnection, testDatabase } from "#test";
import { readBalance } from "./balance";
import { type Batcher, type BatcherOptions, createBatcher } from "./batcher";
import { setCap } from "./budget";
import type { AccountId } from "./command";
import { reconcile } from "./reconcile";
import { aCharge, aGrant, anAccount, apply } from "./testing";

/** A batcher that remembers accounts' books: whatever happened to them meanwhile, it is as if it had read them. */

const { db } = testDatabase();

const running: Batcher[] = [];
function aBatcher(options: Partial<BatcherOptions> = {}): Batcher {
  const batcher = createBatcher({ url: databaseUrl(), distrustMs: 0, ...options });
  running.push(batcher);
  return batcher;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((batcher) => batcher.stop()));
  await db().execute(sql`update money_clock set shift = '0'`);
  expect(await reconcile(db())).toEqual([]);
});

const refused = (code: string) => expect.objectContaining({ name: "Refusal", code });
const available = async (accountId: AccountId) => (await readBalance(db(), accountId)).available;

/** A batcher that knows an account of 1,000 credits, one of which it charged. */
async function aKnownAccount(options: Partial<BatcherOptions> = {}) {
  const accountId = await anAccount();
  await aGrant(accountId, { credits: 1_000n });
  const { submit } = aBatcher(options);
  await submit(aCharge(accountId));
  return { accountId, submit };
}

test("a command for an account it knows is one statement, without a transaction around it", async () => {
  const accountId = await anAccount();
  await aGrant(accountId, { credits: 1_000n });
  const { submit } = aBatcher();
  await submit(aCharge(accountId));
  expect(await lastStatements()).toEqual(["commit"]);
  await submit(aCharge(accountId));
  expect(await lastStatements()).toEqual([expect.stringMatching(/^with clock/)]);
  expect(await available(accountId)).toBe(998n);
});

/** What the batcher's connections said last. */
async function lastStatements(): Promise<string[]> {
  const { rows } = await db().execute<{ query: string }>(sql`
    select query from pg_stat_activity where application_name = 'toolmint ledger' and datname = current_database()`);
  return rows.map(({ query }) => query);
}

describe("what others did meanwhile", () => {
  test("to the balance is seen, also when it is spent", async () => {
    const { accountId, submit } = await aKnownAccount();
    await apply(aCharge(accountId, { credits: 900n }));
    expect((await submit(aCharge(accountId))).available).toBe(98n);
    await apply(aCharge(accountId, { credits: 98n }));
    await expect(submit(aCharge(accountId))).rejects.toEqual(refused("insufficient_credits"));
    await aGrant(accountId, { credits: 5n });
    expect((await submit(aCharge(accountId))).available).toBe(4n);
  });

  test("with a key is answered, not done again; with other arguments it is a conflict", async () => {
    const { accountId, submit } = await aKnownAccount();
    const [one, other] = [aCharge(accountId), aCharge(accountId)];
    await apply(one, other);
    await submit(aCharge(accountId));
    expect(await submit(one)).toMatchObject({ repeated: true, available: 998n });
    await submit(aCharge(accountId));
    await expect(submit(aCharge(accountId, { key: other.key, credits: 2n }))).rejects.toEqual(
      refused("idempotency_conflict"),
    );
    expect(await available(accountId)).toBe(995n);
  });

  test("on one of many accounts holds up none of the others", async () => {
    const known = await Promise.all([1, 2, 3].map(() => anAccount()));
    for (const accountId of known) await aGrant(accountId);
    const { submit } = aBatcher({ distrustMs: 60_000 });
    const charges = () => Promise.all(known.map((accountId) => submit(aCharge(accountId))));
    await charges();
    const [first] = known;
    if (!first) throw new Error("no account");
    await apply(aCharge(first));
    expect((await charges()).map((outcome) => outcome.available)).toEqual([97n, 98n, 98n]);
    expect((await charges()).map((outcome) => outcome.available)).toEqual([96n, 97n, 97n]);
  });

  test("between two processes that take turns leaves every command applied once", async () => {
    const accountId = await anAccount();
    await aGrant(accountId, { credits: 1_000n });
    const [one, other] = [aBatcher(), aBatcher()];
    for (let turn = 0; turn < 10; turn += 1) {
      await Promise.all([one, other, one].map(({ submit }) => submit(aCharge(accountId))));
    }
    expect(await available(accountId)).toBe(970n);
  });

  test("to a hold it placed is seen", async () => {
    const { accountId, submit } = await aKnownAccount();
    const place = async () => {
      const hold = { ...aCharge(accountId), verb: "hold", credits: 10n, cause: "tool:ocr" } as const;
      const { holdId } = await submit({ ...hold, lifetimeSeconds: 60 });
      if (!holdId) throw new Error("no hold");
      return holdId;
    };
    const [kept, released] = [await place(), await place()];
    await apply({ verb: "release", accountId, key: "r", holdId: released, cause: "x" });
    const capture = (holdId: typeof kept) =>
      submit({ verb: "capture", accountId, key: `c:${holdId}`, holdId, credits: 4n });
    await expect(capture(released)).rejects.toEqual(refused("hold_closed"));
    expect(await capture(kept)).toMatchObject({ available: 995n, held: 0n });
    await expect(
      submit({ verb: "release", accountId, key: "late", holdId: kept, cause: "x" }),
    ).rejects.toEqual(refused("hold_closed"));
  });
});

test("a lot it knows is not spent once it has expired by the database's clock (L6)", async () => {
  const accountId = await anAccount();
  await aGrant(accountId, { credits: 10n, expiresAt: new Date(Date.now() + 3_600_000) });
  await aGrant(accountId, { credits: 5n, source: "pack" });
  const { submit } = aBatcher();
  expect((await submit(aCharge(accountId))).available).toBe(14n);
  await db().execute(sql`update money_clock set shift = '2 hours'`);
  expect((await submit(aCharge(accountId))).available).toBe(4n);
});

test("a cap set on an API key it knows without one is kept (L11)", async () => {
  const { accountId, submit } = await aKnownAccount();
  const apiKeyId = "key_capped";
  const charge = () => submit({ ...aCharge(accountId), verb: "charge", credits: 1n, cause: "x", apiKeyId });
  await charge();
  await charge();
  await db().transaction((tx) => setCap(tx, apiKeyId, 3n));
  await charge();
  await expect(charge()).rejects.toEqual(refused("insufficient_credits"));
  expect(await available(accountId)).toBe(996n);
});

test("an account it knows and one it does not, charged at once by an API key with a cap, count once each (L11)", async () => {
  const { accountId, submit } = await aKnownAccount();
  const unknown = await anAccount();
  await aGrant(unknown);
  const apiKeyId = "key_mixed";
  await db().transaction((tx) => setCap(tx, apiKeyId, 3n));
  const charge = (id: AccountId) =>
    submit({ ...aCharge(id), verb: "charge", credits: 1n, cause: "x", apiKeyId });
  expect(await Promise.all([charge(accountId), charge(unknown)])).toMatchObject([
    { available: 998n },
    { available: 99n },
  ]);
});

test("an account it knows that somebody else has locked does not hold up the others", async () => {
  const accounts = await Promise.all([anAccount(), anAccount()]);
  for (const accountId of accounts) await aGrant(accountId);
  const { submit } = aBatcher();
  const [locked, free] = accounts;
  await Promise.all(accounts.map((accountId) => submit(aCharge(accountId))));
  let waiting: Promise<unknown> = Promise.resolve();
  await db().transaction(async (tx) => {
    await tx.execute(sql`select from accounts where id = ${locked} for update`);
    waiting = submit(aCharge(locked ?? "acct_none"));
    await submit(aCharge(free ?? "acct_none"));
  });
  expect(await waiting).toMatchObject({ available: 98n });
});

describe("a connection lost under the one statement", () => {
  test.each(["forward", "drop"] as const)("(%s): the command is applied once", async (fate) => {
    const accountId = await anAccount();
    await aGrant(accountId, { credits: 1_000n });
    const cut = await cutConnection(databaseUrl(), "the second", { fate });
    const { submit } = aBatcher({ url: cut.url });
    await submit(aCharge(accountId));
    const outcome = await submit(aCharge(accountId, { key: "the second" }));
    expect(cut.times()).toBe(1);
    expect(outcome).toMatchObject({ repeated: fate === "forward", available: 998n });
    expect(await available(accountId)).toBe(998n);
  });

  test("which arrives late, when the command was done again: it finds the account changed", async () => {
    const accountId = await anAccount();
    await aGrant(accountId, { credits: 1_000n });
    const cut = await cutConnection(databaseUrl(), "the second", { fate: "hold" });
    const { submit } = aBatcher({ url: cut.url });
    await submit(aCharge(accountId));
    expect(await submit(aCharge(accountId, { key: "the second" }))).toMatchObject({ repeated: false });
    cut.deliver();
    expect((await submit(aCharge(accountId))).available).toBe(997n);
    expect(await available(accountId)).toBe(997n);
  });
});
