import { eq, sql } from "drizzle-orm";
import { afterAll, describe, expect, test } from "vitest";
import { openAccount, readBalance, reconcile, stopLedger, submit } from "#ledger";
import { terminal } from "#platform/audit";
import { type Id, newId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import { acts, adjustments, codeBatches, redeemCodes } from "#schema";
import { testDatabase } from "#test";
import { type Adjustment, adjustCredits, previewAdjustment } from "./adjustment";
import { redeemCode } from "./code";
import { createCodes, endBatch, listBatches, makeCodes, type NewCodes } from "./code-batch";
import type { GiftLimits } from "./gift";

const { db } = testDatabase();
afterAll(stopLedger);

async function somebody() {
  const userId = newId("user");
  const accountId = await db().transaction((tx) => openAccount(tx, { ownerType: "user", ownerId: userId }));
  return { userId, accountId, available: async () => (await readBalance(db(), accountId)).available };
}

const usual: NewCodes = {
  ...{ name: "test", count: 1, credits: 25n, uses: 1 },
  ...{ oncePerPerson: false, lifetimeDays: null, expiresAt: null },
};

async function aCode(wanted: Partial<NewCodes> = {}): Promise<string> {
  const [code] = await createCodes({ ...usual, ...wanted }, terminal);
  if (!code) throw new Error("no code");
  return code;
}

const redeem = (accountId: Id<"account">, code: string, key: string = newId("request")) =>
  redeemCode({ accountId, by: terminal }, code, key);

const refused = (code: string) => expect.objectContaining({ name: "Refusal", code });

describe("a code", () => {
  test("gives its credits once, to the first of two who enter it", async () => {
    const code = await aCode();
    const [ada, bob] = [await somebody(), await somebody()];
    expect(await redeem(ada.accountId, code)).toMatchObject({ credits: 25n, repeated: false });
    await expect(redeem(bob.accountId, code)).rejects.toEqual(refused("code_used_up"));
    await expect(redeem(ada.accountId, code)).rejects.toEqual(refused("code_redeemed"));
    expect([await ada.available(), await bob.available()]).toEqual([25n, 0n]);
  });

  test("of five uses serves exactly five of twenty who enter it at once", async () => {
    const code = await aCode({ uses: 5 });
    const people = await Promise.all(Array.from({ length: 20 }, somebody));
    const tries = await Promise.allSettled(people.map(({ accountId }) => redeem(accountId, code)));
    const reasons = tries.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
    expect(reasons).toEqual(Array.from({ length: 15 }, () => "code_used_up"));
    const balances = await Promise.all(people.map((one) => one.available()));
    expect(balances.filter((credits) => credits === 25n)).toHaveLength(5);
    expect(balances.filter((credits) => credits === 0n)).toHaveLength(15);
  });

  test("counts one use for one person, however many of their requests come at once", async () => {
    const code = await aCode({ uses: 10 });
    const ada = await somebody();
    const tries = await Promise.allSettled(Array.from({ length: 6 }, () => redeem(ada.accountId, code)));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await ada.available()).toBe(25n);
    const used = await db().select().from(redeemCodes).where(eq(redeemCodes.uses, 10));
    expect(used).toMatchObject([{ used: 1 }]);
  });

  test("answers a repeated request as it did the first time", async () => {
    const [code, other] = [await aCode(), await aCode()];
    const ada = await somebody();
    await redeem(ada.accountId, code, "once");
    expect(await redeem(ada.accountId, code, "once")).toMatchObject({ credits: 25n, repeated: true });
    await expect(redeem(ada.accountId, other, "once")).rejects.toEqual(refused("idempotency_conflict"));
    expect(await ada.available()).toBe(25n);
  });

  test("is known however it is typed, and kept only as a hash", async () => {
    const code = await aCode();
    const ada = await somebody();
    await redeem(ada.accountId, ` ${code.toLowerCase().replaceAll("-", " ").replaceAll("0", "o")} `);
    expect(await ada.available()).toBe(25n);
    const { rows } = await db().execute<{ text: string }>(sql`select redeem_codes::text from redeem_codes`);
    expect(JSON.stringify(rows)).not.toContain(code.replaceAll("-", ""));
    expect(JSON.stringify(rows)).not.toContain(code);
  });

  test("ends at its end, by money's clock; its credits have an end of their own", async () => {
    const { rows } = await db().execute<{ at: string }>(sql`select money_now() + interval '1 h' as at`);
    const code = await aCode({ uses: 2, lifetimeDays: 10, expiresAt: new Date(rows[0]?.at ?? "") });
    const [ada, bob] = [await somebody(), await somebody()];
    const { expiresAt } = await redeem(ada.accountId, code);
    expect((await readBalance(db(), ada.accountId)).nextExpiry?.at).toEqual(expiresAt);
    await db().execute(sql`update money_clock set shift = shift + interval '61 min'`);
    await expect(redeem(bob.accountId, code)).rejects.toEqual(refused("code_expired"));
    await db().execute(sql`update money_clock set shift = shift + interval '10 days'`);
    expect(await ada.available()).toBe(0n);
  });

  test("of a batch of which each person gets one serves one person once, however many of them come at once", async () => {
    const codes = await createCodes({ ...usual, count: 6, oncePerPerson: true }, terminal);
    const [ada, bob] = [await somebody(), await somebody()];
    const tries = await Promise.allSettled(codes.map((code) => redeem(ada.accountId, code)));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const reasons = tries.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
    expect(new Set(reasons)).toEqual(new Set(["code_once"]));
    const rest = tries.flatMap((one, place) => (one.status === "rejected" ? [codes[place] ?? ""] : []));
    await redeem(bob.accountId, rest[0] ?? "");
    expect([await ada.available(), await bob.available()]).toEqual([25n, 25n]);
  });

  test("of a batch that was ended gives nothing any more, and what was redeemed stays", async () => {
    const by = { ...terminal, id: newId("user"), role: "owner" };
    const request = { by, reason: "it was leaked", key: newId("request") };
    const codes = await createCodes({ ...usual, count: 20, name: "leaked" }, terminal);
    const [batch] = (await listBatches({ limit: 1 })).batches;
    if (!batch) throw new Error("no batch");
    const people = await Promise.all(codes.map(somebody));
    const [ended, ...tries] = await Promise.allSettled([
      endBatch(batch.id, request),
      ...people.map(({ accountId }, place) => redeem(accountId, codes[place] ?? "")),
    ]);
    expect(ended?.status).toBe("fulfilled");
    const served = tries.filter(({ status }) => status === "fulfilled").length;
    const balances = await Promise.all(people.map((one) => one.available()));
    expect(balances.filter((credits) => credits === 25n)).toHaveLength(served);
    const { accountId } = await somebody();
    for (const code of codes.slice(0, 2)) {
      const refusal = await redeem(accountId, code).catch((error: unknown) => error);
      expect(["code_expired", "code_used_up"]).toContain(refusal instanceof Refusal && refusal.code);
    }
    expect(await endBatch(batch.id, { ...request, key: newId("request") })).toMatchObject({ used: served });
  });

  test("nobody made is unknown", async () => {
    const { accountId } = await somebody();
    await expect(redeem(accountId, "0000-0000-0000-0000")).rejects.toEqual(refused("code_unknown"));
  });
});

describe("a batch", () => {
  const by = { ...terminal, id: newId("user"), role: "admin" };
  const reason = "for the launch";
  const request = (limits: GiftLimits = null) => ({ by, reason, key: newId("request"), limits });
  const wanted: NewCodes = { ...usual, count: 3, name: "Launch" };

  test("is told again to a repeat of its request, the very same codes, which work", async () => {
    const asked = request();
    const [first, again] = [await makeCodes(wanted, asked), await makeCodes(wanted, asked)];
    expect(new Set(first.codes).size).toBe(3);
    expect(again).toEqual({ ...first, repeated: true });
    const conflict = makeCodes({ ...wanted, count: 4 }, asked);
    await expect(conflict).rejects.toEqual(refused("idempotency_conflict"));
    const ada = await somebody();
    await redeem(ada.accountId, again.codes[2] ?? "");
    expect(await ada.available()).toBe(25n);
    expect((await listBatches({ limit: 1 })).batches).toMatchObject([
      { id: first.batch.id, used: 1, codes: 3 },
    ]);
    const log = await db().select().from(acts).where(eq(acts.objectId, first.batch.id));
    expect(log).toMatchObject([{ action: "codes.create", reason, after: { count: 3, credits: 25 } }]);
    expect(JSON.stringify(log)).not.toContain(first.codes[0]);
  });

  test("is told no more after a day", async () => {
    const asked = request();
    const { batch } = await makeCodes(wanted, asked);
    const dayBefore = new Date(Date.now() - 25 * 3_600_000);
    await db().update(codeBatches).set({ createdAt: dayBefore }).where(eq(codeBatches.id, batch.id));
    await expect(makeCodes(wanted, asked)).rejects.toEqual(refused("codes_told"));
  });

  test("above the limits, of a use or in all, is refused", async () => {
    const limits = { each: 25n, total: 150n };
    const large = makeCodes({ ...wanted, credits: 26n }, request(limits));
    await expect(large).rejects.toEqual(refused("adjustment_too_large"));
    const many = makeCodes({ ...wanted, uses: 3 }, request(limits));
    await expect(many).rejects.toEqual(refused("gift_too_large"));
    expect(await makeCodes({ ...wanted, uses: 2 }, request(limits))).toMatchObject({ repeated: false });
  });
});

describe("an adjustment", () => {
  const reason = "the upscaler was down on Monday";
  const giving = (userId: Id<"user">, credits: bigint): Adjustment => ({
    ...{ userId, credits, expiresAt: null, source: "adjustment" },
  });
  const adjust = (
    adjustment: Adjustment,
    { limit = null as bigint | null, key = newId("request") as string } = {},
  ) => adjustCredits(adjustment, { by: terminal, reason, limit, key });

  test("gives what its preview said, with the reason in the audit log", async () => {
    const ada = await somebody();
    const promised = await previewAdjustment(giving(ada.userId, 40n), null);
    expect(promised).toEqual({ moved: 40n, before: 0n, after: 40n });
    expect(await ada.available()).toBe(0n);
    expect(await adjust(giving(ada.userId, 40n))).toEqual({ ...promised, repeated: false });
    expect(await ada.available()).toBe(40n);
    expect(await db().select().from(acts).where(eq(acts.customerId, ada.userId))).toMatchObject([
      { action: "credits.adjust", reason, before: { available: 0 }, after: { available: 40, asked: 40 } },
    ]);
  });

  test("takes unspent credits only, never below zero, and says how many it took", async () => {
    const ada = await somebody();
    const { accountId } = ada;
    await adjust(giving(ada.userId, 30n));
    await adjust(giving(ada.userId, 30n));
    await submit({ verb: "charge", accountId, key: "spent", credits: 10n, cause: "tool:ocr" });
    const hold = { verb: "hold", accountId, key: "held", credits: 15n, cause: "tool:ocr" } as const;
    await submit({ ...hold, lifetimeSeconds: 600 });
    expect(await previewAdjustment(giving(ada.userId, -100n), null)).toMatchObject({
      moved: -35n,
      after: 0n,
    });
    expect(await adjust(giving(ada.userId, -100n))).toMatchObject({ moved: -35n, before: 35n, after: 0n });
    expect(await readBalance(db(), accountId)).toMatchObject({ available: 0n, held: 15n });
    expect(await adjust(giving(ada.userId, -1n))).toMatchObject({ moved: 0n, after: 0n });
  });

  test("is done once for one key, also when it is sent many times at once", async () => {
    const ada = await somebody();
    const sent = Array.from({ length: 5 }, () => adjust(giving(ada.userId, 10n), { key: "once" }));
    const answers = await Promise.all(sent);
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(answers.every(({ after }) => after === 10n)).toBe(true);
    expect(await ada.available()).toBe(10n);
    await expect(adjust(giving(ada.userId, 11n), { key: "once" })).rejects.toEqual(
      refused("idempotency_conflict"),
    );
  });

  test("above the limit is refused, in either direction, and leaves no trace", async () => {
    const ada = await somebody();
    for (const credits of [101n, -101n]) {
      await expect(adjust(giving(ada.userId, credits), { limit: 100n })).rejects.toEqual(
        refused("adjustment_too_large"),
      );
    }
    expect(await db().select().from(adjustments).where(eq(adjustments.accountId, ada.accountId))).toEqual([]);
    expect(await db().select().from(acts).where(eq(acts.customerId, ada.userId))).toEqual([]);
  });

  test("of two at once that take takes no more than there is", async () => {
    const ada = await somebody();
    await adjust(giving(ada.userId, 30n));
    const answers = await Promise.all([adjust(giving(ada.userId, -20n)), adjust(giving(ada.userId, -20n))]);
    expect(answers.map(({ moved }) => moved).sort()).toEqual([-10n, -20n].sort());
    expect(await ada.available()).toBe(0n);
  });

  test("to nobody is not found", async () => {
    await expect(adjust(giving("usr_nobody", 1n))).rejects.toEqual(refused("not_found"));
  });
});

test("after all that the books are right", async () => {
  expect(await reconcile(db())).toEqual([]);
});
