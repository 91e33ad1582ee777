import { spawn } from "node:child_process";
import { once } from "node:events";
import { eq, inArray, type SQL, sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { charge, grant, hold, openAccount, readBalance, reconcile, release, stopLedger } from "#ledger";
import { terminal } from "#platform/audit";
import { type Id, newId } from "#platform/id";
import { accounts, acts, giftPeople, gifts, users } from "#schema";
import { runJobs, skipPauses, testDatabase } from "#test";
import { type GiftLimits, giveGift, previewGift, requireGift, undoGift } from "./gift";
import { creditTasks } from "./tasks";

const { db, url } = testDatabase();
afterAll(stopLedger);
const system = creditTasks.system ?? {};
const by = { ...terminal, id: newId("user"), role: "owner" };

type Person = { userId: Id<"user">; accountId: Id<"account"> };

/** So many people of one segment, whose names nobody else has. */
async function aCrowd(size: number, { verified = true } = {}) {
  const name = newId("user");
  const people = Array.from({ length: size }, (): Person => {
    return { userId: newId("user"), accountId: newId("account") };
  });
  const emailVerified = verified;
  await db()
    .insert(users)
    .values(people.map(({ userId: id }) => ({ id, name, email: `${id}@example.com`, emailVerified })));
  await db()
    .insert(accounts)
    .values(
      people.map(({ userId: ownerId, accountId: id }) => ({ id, ownerType: "user" as const, ownerId })),
    );
  return { people, segment: namedSo(name), name };
}

function namedSo(name: string): SQL {
  return sql`select a.id as account_id, u.email_verified as confirmed, u.suspended_at is not null as suspended
    from users u left join accounts a on a.owner_type = 'user' and a.owner_id = u.id where u.name = ${name}`;
}

type Asked = { people: number; credits?: bigint; expiresAt?: Date | null; key?: string; limits?: GiftLimits };

const reason = "the upscaler was down on Monday";

async function give(segment: SQL, asked: Asked) {
  const { people, credits = 50n, expiresAt = null, key = newId("request"), limits = null } = asked;
  const gift = { name: "Monday", credits, expiresAt, filter: {}, people };
  return giveGift(gift, segment, { by, reason, key, limits });
}

const undo = (id: Id<"gift">, key: string = newId("request")) => undoGift(id, { by, reason, key });
const suspend = ({ userId }: Person) =>
  db().update(users).set({ suspendedAt: new Date() }).where(eq(users.id, userId));
const available = async ({ accountId }: Person) => (await readBalance(db(), accountId)).available;
/** What all of a crowd can spend: each figure once. */
async function allHave(people: readonly Person[]): Promise<bigint[]> {
  const ids = people.map(({ accountId }) => accountId);
  const rows = await db()
    .selectDistinct({ available: accounts.available })
    .from(accounts)
    .where(inArray(accounts.id, ids));
  return rows.map((row) => row.available);
}
const refused = (code: string) => expect.objectContaining({ name: "Refusal", code });

async function statuses(id: Id<"gift">): Promise<Record<string, number>> {
  const rows = await db()
    .select({ status: giftPeople.status, count: sql<number>`count(*)::int` })
    .from(giftPeople)
    .where(eq(giftPeople.giftId, id))
    .groupBy(giftPeople.status);
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** Each of the gift's lots, counted over the whole ledger. */
async function lotsOf(id: Id<"gift">): Promise<number> {
  const { rows } = await db().execute<{ count: number }>(
    sql`select count(*)::int as count from entries where kind = 'issued' and reference_id = ${id}`,
  );
  return rows[0]?.count ?? 0;
}

test("everybody of the segment gets theirs once, with the reason in the audit log", async () => {
  const { people, segment } = await aCrowd(3);
  expect(await previewGift({ credits: 50n }, segment, null)).toEqual({
    ...{ people: 3, unconfirmed: 0, suspended: 0, total: 150n },
  });
  const { id } = await give(segment, { people: 3 });
  expect(await Promise.all(people.map(available))).toEqual([0n, 0n, 0n]);
  await runJobs(system);
  expect(await Promise.all(people.map(available))).toEqual([50n, 50n, 50n]);
  expect(await requireGift(id)).toMatchObject({ people: 3, given: 3, leftOut: 0, left: 150n, peopleLeft: 3 });
  expect(await db().select().from(acts).where(eq(acts.objectId, id))).toMatchObject([
    { action: "gift.give", reason, after: { people: 3, credits: 50, total: 150 } },
  ]);
});

test("who signs up after it was confirmed gets none; who is suspended or gone by then is left out and counted", async () => {
  const { people, segment, name } = await aCrowd(4);
  const { id } = await give(segment, { people: 4 });
  const [ada, bob, eve] = people;
  if (!ada || !bob || !eve) throw new Error("a crowd of four");
  await suspend(bob);
  await db().delete(users).where(eq(users.id, eve.userId));
  const late = newId("user");
  await db()
    .insert(users)
    .values({ id: late, name, email: `${late}@example.com`, emailVerified: true });
  const accountId = await db().transaction((tx) => openAccount(tx, { ownerType: "user", ownerId: late }));
  await runJobs(system);
  const everybody = [ada, bob, eve, { userId: late, accountId }];
  expect(await Promise.all(everybody.map(available))).toEqual([50n, 0n, 0n, 0n]);
  expect(await requireGift(id)).toMatchObject({ people: 4, given: 2, leftOut: 2 });
  expect(await statuses(id)).toEqual({ given: 2, left_out: 2 });
});

test("whose address is not confirmed, and who is suspended, are told of before and get none", async () => {
  const { people, segment, name } = await aCrowd(2);
  const unconfirmed = await aCrowd(1, { verified: false });
  await db().update(users).set({ name }).where(eq(users.name, unconfirmed.name));
  const [ada, bob] = people;
  if (!ada || !bob) throw new Error("a crowd of two");
  await suspend(bob);
  const preview = await previewGift({ credits: 1n }, segment, null);
  expect(preview).toEqual({ people: 1, unconfirmed: 1, suspended: 1, total: 1n });
  await give(segment, { people: 1 });
  await runJobs(system);
  expect(await Promise.all([ada, bob, ...unconfirmed.people].map(available))).toEqual([50n, 0n, 0n]);
});

test("a segment that has grown since it was shown is refused and leaves no trace", async () => {
  const { segment } = await aCrowd(3);
  const before = await db().$count(gifts);
  await expect(give(segment, { people: 2 })).rejects.toEqual(refused("segment_changed"));
  await expect(give(namedSo("nobody"), { people: 1 })).rejects.toEqual(refused("invalid_request"));
  expect(await db().$count(gifts)).toBe(before);
});

test("limits hold for each and in all, in the preview too", async () => {
  const { segment } = await aCrowd(3);
  const limits = { each: 50n, total: 149n };
  const large = previewGift({ credits: 51n }, segment, limits);
  await expect(large).rejects.toEqual(refused("adjustment_too_large"));
  await expect(previewGift({ credits: 50n }, segment, limits)).rejects.toEqual(refused("gift_too_large"));
  await expect(give(segment, { people: 3, limits })).rejects.toEqual(refused("gift_too_large"));
  expect(await previewGift({ credits: 49n }, segment, limits)).toMatchObject({ total: 147n });
});

test("one key is one gift, also when it is sent many times at once", async () => {
  const { people, segment } = await aCrowd(2);
  const sent = await Promise.all(Array.from({ length: 5 }, () => give(segment, { people: 2, key: "once" })));
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  await runJobs(system);
  expect(await Promise.all(people.map(available))).toEqual([50n, 50n]);
  await expect(give(segment, { people: 2, key: "once", credits: 51n })).rejects.toEqual(
    refused("idempotency_conflict"),
  );
});

test("jobs of one gift that run at once, again and again, give each person theirs once", async () => {
  const { people, segment } = await aCrowd(450);
  const { id } = await give(segment, { people: 450 });
  for (let i = 0; i < 4; i++) {
    await db().execute(
      sql`select graphile_worker.add_job('credits.gift', json_build_object('giftId', ${id}::text))`,
    );
  }
  await Promise.all([runJobs(system), runJobs(system), runJobs(system)]);
  await db().execute(
    sql`select graphile_worker.add_job('credits.gift', json_build_object('giftId', ${id}::text))`,
  );
  await runJobs(system);
  expect(await lotsOf(id)).toBe(450);
  expect(await allHave(people)).toEqual([50n]);
  expect(await requireGift(id)).toMatchObject({ given: 450, leftOut: 0 });
});

test("a worker killed in the middle loses nobody's and doubles nobody's", { timeout: 60_000 }, async () => {
  const size = 3_000;
  const { people, segment } = await aCrowd(size);
  const { id } = await give(segment, { people: size });
  const path = "src/credits/gift.child.ts";
  const child = spawn(process.execPath, ["--import", "tsx", path, url()], { stdio: "ignore" });
  const ended = once(child, "exit");
  // As soon as somebody has theirs, and not everybody.
  let given = 0;
  while (given === 0) ({ given } = await requireGift(id));
  child.kill("SIGKILL");
  await ended;
  ({ given } = await requireGift(id));
  expect(given).toBeLessThan(size);
  expect(await lotsOf(id)).toBe(given);
  await db().execute(sql`select graphile_worker.force_unlock_workers(
    (select array_agg(locked_by) from graphile_worker.jobs where locked_by is not null))`);
  await skipPauses();
  await runJobs(system);
  expect(await lotsOf(id)).toBe(size);
  expect(await allHave(people)).toEqual([50n]);
  expect(await statuses(id)).toEqual({ given: size });
});

test("somebody whose account takes no more is left out, and the others get theirs", async () => {
  const { people, segment } = await aCrowd(9);
  const [rich, ...others] = people;
  if (!rich) throw new Error("a crowd");
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  await grant({
    accountId: rich.accountId,
    key: "all",
    credits: most,
    source: "promo",
    expiresAt: null,
    cause: "promo",
  });
  const { id } = await give(segment, { people: 9 });
  await runJobs(system);
  expect(await available(rich)).toBe(most);
  expect(await allHave(others)).toEqual([50n]);
  expect(await requireGift(id)).toMatchObject({ given: 8, leftOut: 1 });
  // So that the sums of all accounts stay within a number.
  await charge({ accountId: rich.accountId, key: "spent", credits: most, cause: "tool:t" });
});

test("somebody whose books are broken is left out, and the others get theirs", async () => {
  const { people, segment } = await aCrowd(9);
  const [broken, ...others] = people.toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1));
  if (!broken) throw new Error("a crowd");
  const held = (available: bigint) =>
    db().update(accounts).set({ available }).where(eq(accounts.id, broken.accountId));
  await held(7n);
  const { id } = await give(segment, { people: 9 });
  await runJobs(system);
  expect(await requireGift(id)).toMatchObject({ given: 8, leftOut: 1 });
  expect(await allHave(others)).toEqual([50n]);
  await held(0n);
});

test("jobs that run at once leave out nobody but who can have no more", async () => {
  const { people, segment } = await aCrowd(12);
  const sorted = people.toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1));
  const isRich = (_: Person, place: number) => place % 4 === 0;
  const why = { credits: BigInt(Number.MAX_SAFE_INTEGER), expiresAt: null, cause: "promo" };
  const rich = sorted.filter(isRich);
  for (const { accountId } of rich) await grant({ ...why, accountId, key: "all", source: "promo" });
  const { id } = await give(segment, { people: 12 });
  for (let i = 0; i < 4; i++) {
    await db().execute(
      sql`select graphile_worker.add_job('credits.gift', json_build_object('giftId', ${id}::text))`,
    );
  }
  await Promise.all([runJobs(system), runJobs(system), runJobs(system)]);
  expect(await requireGift(id)).toMatchObject({ given: 9, leftOut: 3 });
  expect(await allHave(sorted.filter((one, place) => !isRich(one, place)))).toEqual([50n]);
  // So that the sums of all accounts stay within a number.
  for (const { accountId } of rich)
    await charge({ accountId, key: "spent", credits: why.credits, cause: "tool:t" });
});

test("taking it back takes what is unspent; what is spent or on hold stays, and what comes back later too", async () => {
  const { people, segment } = await aCrowd(4);
  const [saver, spender, runner, own] = people;
  if (!saver || !spender || !runner || !own) throw new Error("a crowd of four");
  await grant({
    accountId: own.accountId,
    key: "own",
    credits: 30n,
    source: "pack",
    expiresAt: null,
    cause: "pack",
  });
  const { id } = await give(segment, { people: 4 });
  await runJobs(system);
  await charge({ accountId: spender.accountId, key: "spent", credits: 45n, cause: "tool:t" });
  const held = await hold({
    ...{ accountId: runner.accountId, key: "held", credits: 20n, cause: "tool:t", lifetimeSeconds: 600 },
  });
  expect(await requireGift(id)).toMatchObject({ left: 135n, held: 20n, peopleLeft: 4 });
  expect(await undo(id, "back")).toEqual({ id, repeated: false });
  await runJobs(system);
  expect(await Promise.all(people.map(available))).toEqual([0n, 0n, 0n, 30n]);
  expect(await requireGift(id)).toMatchObject({ undone: 4, taken: 135n, left: 0n });
  if (held.holdId)
    await release({ accountId: runner.accountId, key: "off", holdId: held.holdId, cause: "test" });
  expect(await undo(id, "back")).toEqual({ id, repeated: true });
  await undo(id);
  await runJobs(system);
  expect(await available(runner)).toBe(20n);
  const told = await db().select().from(acts).where(eq(acts.objectId, id)).orderBy(acts.id);
  expect(told).toMatchObject([{ action: "gift.give" }, { action: "gift.undo", after: { left: 135 } }]);
});

test("taken back before everybody's turn, it goes no further", async () => {
  const { people, segment } = await aCrowd(3);
  const { id } = await give(segment, { people: 3 });
  await undo(id);
  await runJobs(system);
  expect(await Promise.all(people.map(available))).toEqual([0n, 0n, 0n]);
  expect(await requireGift(id)).toMatchObject({ given: 0, leftOut: 3, taken: 0n });
  expect(await lotsOf(id)).toBe(0);
});

test("taking back while people spend takes no credit that is held or spent", {
  timeout: 60_000,
}, async () => {
  const { people, segment } = await aCrowd(60);
  const { id } = await give(segment, { people: 60 });
  await runJobs(system);
  let spent = 0n;
  let held = 0n;
  const spend = async ({ accountId }: Person, place: number) => {
    for (let turn = 0; turn < 8; turn++) {
      const key = `${place}:${turn}`;
      const why = { accountId, key, credits: 5n, cause: "tool:t" };
      const done = await (place % 2 ? charge(why) : hold({ ...why, lifetimeSeconds: 600 })).then(
        () => true,
        () => false,
      );
      if (done && place % 2) spent += 5n;
      else if (done) held += 5n;
    }
  };
  const spending = Promise.all(people.map(spend));
  await undo(id);
  for (let i = 0; i < 3; i++) {
    await db().execute(
      sql`select graphile_worker.add_job('credits.undoGift', json_build_object('giftId', ${id}::text))`,
    );
  }
  await Promise.all([runJobs(system), runJobs(system), spending]);
  const { taken } = await requireGift(id);
  const balances = await Promise.all(people.map(({ accountId }) => readBalance(db(), accountId)));
  const left = balances.reduce((sum, balance) => sum + balance.available, 0n);
  expect(balances.reduce((sum, balance) => sum + balance.held, 0n)).toBe(held);
  expect(left).toBe(0n);
  expect(taken + spent + held).toBe(60n * 50n);
});

test("giving and taking back at once ends with every credit of it taken or never given", async () => {
  const { people, segment } = await aCrowd(900);
  const { id } = await give(segment, { people: 900 });
  await Promise.all([runJobs(system), undo(id)]);
  await runJobs(system);
  const { given, leftOut, taken } = await requireGift(id);
  expect(given + leftOut).toBe(900);
  expect(taken).toBe(BigInt(given) * 50n);
  expect(await allHave(people)).toEqual([0n]);
});

test("credits that have expired are not taken back", async () => {
  const { people, segment } = await aCrowd(2);
  const { rows } = await db().execute<{ at: string }>(sql`select money_now() + interval '1 h' as at`);
  const { id } = await give(segment, { people: 2, expiresAt: new Date(rows[0]?.at ?? "") });
  await runJobs(system);
  await db().execute(sql`update money_clock set shift = shift + interval '61 min'`);
  expect(await requireGift(id)).toMatchObject({ left: 0n });
  await undo(id);
  await runJobs(system);
  expect(await requireGift(id)).toMatchObject({ undone: 2, taken: 0n });
  expect(await Promise.all(people.map(available))).toEqual([0n, 0n]);
});

test("after all that the books are right", async () => {
  expect(await reconcile(db())).toEqual([]);
});
