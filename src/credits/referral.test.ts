import { eq } from "drizzle-orm";
import { afterAll, describe, expect, test } from "vitest";
import { applyCommands, openAccount, readBalance, reconcile, stopLedger, submit } from "#ledger";
import { type Id, newId } from "#platform/id";
import { enqueue } from "#platform/queue";
import { referralLinks, referrals, users } from "#schema";
import { runJobs, testDatabase } from "#test";
import { openReferralLink, readReferrals, reverseReferral, rewardReferral } from "./referral";
import { creditTasks } from "./tasks";

const { db } = testDatabase();
afterAll(stopLedger);

async function somebody(email = `${newId("user")}@example.com`) {
  const userId = newId("user");
  await db().insert(users).values({ id: userId, name: "Ada", email, emailVerified: true });
  const accountId = await db().transaction((tx) => openAccount(tx, { ownerType: "user", ownerId: userId }));
  await openReferralLink(db(), accountId);
  const [link] = await db().select().from(referralLinks).where(eq(referralLinks.accountId, accountId));
  return {
    ...{ userId, accountId, code: link?.code ?? "" },
    available: async () => (await readBalance(db(), accountId)).available,
  };
}

type Person = Awaited<ReturnType<typeof somebody>>;

async function signedUpBy(code: string, email?: string): Promise<Person> {
  const person = await somebody(email);
  await enqueue(db(), "credits.referred", { userId: person.userId, code });
  await runJobs(creditTasks.system ?? {});
  return person;
}

/** As billing does: the row, and then all commands in one group. */
function paid({ accountId }: Person, invoiceId = "in_1") {
  return db().transaction(async (tx) => {
    const commands = await rewardReferral(tx, { accountId, invoiceId });
    if (commands.length > 0) await applyCommands(tx, commands);
  });
}

function refunded({ accountId }: Person, invoiceId = "in_1") {
  return db().transaction(async (tx) => {
    const commands = await reverseReferral(tx, { accountId, invoiceId });
    if (commands.length > 0) await applyCommands(tx, commands);
  });
}

const both = async (ada: Person, bob: Person) => [await ada.available(), await bob.available()];
const spend = (accountId: Id<"account">, credits: bigint) =>
  submit({ verb: "charge", accountId, key: newId("request"), credits, cause: "tool:ocr" });

describe("a referral", () => {
  test("rewards both sides once, at the first paid invoice", async () => {
    const ada = await somebody();
    const bob = await signedUpBy(ada.code);
    expect(await readReferrals(ada.accountId)).toMatchObject({ signedUp: 1, rewarded: 0, earned: 0n });
    await Promise.all([paid(bob), paid(bob), paid(bob, "in_2")]);
    await paid(bob, "in_3");
    expect(await both(ada, bob)).toEqual([100n, 100n]);
    expect(await readReferrals(ada.accountId)).toMatchObject({ signedUp: 1, rewarded: 1, earned: 100n });
  });

  test("rewards neither when the transaction that pays falls", async () => {
    const ada = await somebody();
    const bob = await signedUpBy(ada.code);
    const falling = db().transaction(async (tx) => {
      await applyCommands(tx, await rewardReferral(tx, { accountId: bob.accountId, invoiceId: "in_1" }));
      throw new Error("the invoice's row could not be written");
    });
    await expect(falling).rejects.toThrow("row");
    expect(await both(ada, bob)).toEqual([0n, 0n]);
    await paid(bob);
    expect(await both(ada, bob)).toEqual([100n, 100n]);
  });

  test("is reversed by the refund of that invoice, the unspent part of both, once", async () => {
    const ada = await somebody();
    const bob = await signedUpBy(ada.code);
    await paid(bob);
    await spend(ada.accountId, 70n);
    await refunded(bob, "in_other");
    expect(await both(ada, bob)).toEqual([30n, 100n]);
    await Promise.all([refunded(bob), refunded(bob)]);
    expect(await both(ada, bob)).toEqual([0n, 0n]);
    await paid(bob, "in_2");
    expect(await both(ada, bob)).toEqual([0n, 0n]);
    expect(await readReferrals(ada.accountId)).toMatchObject({ signedUp: 1, rewarded: 0, earned: 0n });
  });

  test("whose refund comes before its reward rewards nobody", async () => {
    const ada = await somebody();
    const bob = await signedUpBy(ada.code);
    await refunded(bob);
    await paid(bob);
    expect(await both(ada, bob)).toEqual([0n, 0n]);
  });

  test("is paid and refunded at the same moment without a deadlock, and ends at nothing", async () => {
    const ada = await somebody();
    const people = [await signedUpBy(ada.code), await signedUpBy(ada.code), await signedUpBy(ada.code)];
    await Promise.all(
      people.flatMap((person) => [
        paid(person),
        refunded(person),
        spend(ada.accountId, 1n).catch(() => null),
      ]),
    );
    await Promise.all(people.map((person) => refunded(person)));
    for (const person of people) expect(await person.available()).toBe(0n);
    expect(await ada.available()).toBe(0n);
  });

  test.each([
    ["gmail.com", "googlemail.com"],
    ["pm.me", "proton.me"],
  ])("of oneself is none, by whichever spelling of one's mailbox: %s, %s", async (host, other) => {
    const name = newId("user").slice(-8);
    const ada = await somebody(`${name}@${host}`);
    const again = await signedUpBy(ada.code, `${name.slice(0, 4)}.${name.slice(4)}+more@${other}`);
    await paid(again);
    expect(await both(ada, again)).toEqual([0n, 0n]);
    await enqueue(db(), "credits.referred", { userId: ada.userId, code: ada.code });
    await runJobs(creditTasks.system ?? {});
    expect(await db().select().from(referrals).where(eq(referrals.accountId, ada.accountId))).toEqual([]);
  });

  test("belongs to the first who sent somebody, and an unknown code to nobody", async () => {
    const [ada, eve] = [await somebody(), await somebody()];
    const bob = await signedUpBy(ada.code);
    await enqueue(db(), "credits.referred", { userId: bob.userId, code: eve.code });
    await runJobs(creditTasks.system ?? {});
    await paid(bob);
    expect([await ada.available(), await eve.available()]).toEqual([100n, 0n]);
    const dan = await signedUpBy("0000000000");
    await paid(dan);
    expect(await dan.available()).toBe(0n);
  });

  test("leaves the books right", async () => {
    expect(await reconcile(db())).toEqual([]);
  });
});
