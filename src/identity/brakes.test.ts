import { and, eq, inArray, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { readBalance, reconcile, stopLedger } from "#ledger";
import { terminal } from "#platform/audit";
import { type Config, config } from "#platform/config";
import { type Id, isId } from "#platform/id";
import { singleton } from "#platform/singleton";
import { accounts, acts, mails, signUps, users } from "#schema";
import { runJobs, testDatabase } from "#test";
import { changeWelcomeRules, readWelcomeRules, type WelcomeRules } from "./brakes";
import { aBrowser } from "./browser.fixture";
import { forgetNetworks } from "./sign-up";
import { tasks } from "./tasks";
import { decideWelcome, findWithheldWelcome, listWelcomes } from "./welcome-decision";

vi.setConfig({ testTimeout: 90_000 });
const { db } = testDatabase();
const settings = singleton<Config>("config");
const system = tasks.system ?? {};
let development: Config;

beforeAll(() => {
  development = config();
});
beforeEach(async () => {
  await db().delete(users);
  await db().execute(sql`delete from rate_limits`);
  await rules({});
});
afterAll(async () => {
  settings.set(development);
  expect(await reconcile(db())).toEqual([]);
  await stopLedger();
});

const usual = { perNetwork: 3, perDomain: 10, disposable: true, hourLeast: 100, hourFactor: 5 };

async function rules(wish: Partial<WelcomeRules>): Promise<void> {
  const { version } = await readWelcomeRules();
  await changeWelcomeRules({ ...usual, version, ...wish }, { by: terminal, reason: "as the test needs it" });
}

type Person = { email: string; address: string };

/** They sign up and confirm; their welcomes wait as jobs. */
async function confirmed(people: readonly Person[]): Promise<void> {
  const browsers = people.map(({ address, email }) => ({ browser: aBrowser({ address }), email }));
  // Ten at a time: a password's hash takes a core for a while.
  for (let at = 0; at < browsers.length; at += 10)
    await Promise.all(browsers.slice(at, at + 10).map(({ browser, email }) => browser.signUp(email)));
  await runJobs(system);
  const letters = await db().select().from(mails).where(eq(mails.kind, "verify"));
  await Promise.all(
    browsers.map(({ browser, email }) => {
      const text = letters.findLast(({ recipient }) => recipient === email.toLowerCase())?.text ?? "";
      return browser.post("/verify-email", { token: /token=([\w-]+)/.exec(text)?.[1] });
    }),
  );
}

/** Does the jobs as a site in production does, several workers at once. */
async function welcomed(workers = 1): Promise<void> {
  settings.set({ ...development, production: true });
  try {
    await Promise.all(Array.from({ length: workers }, () => runJobs(system)));
  } finally {
    settings.set(development);
  }
}

let names = 0;
const unique = (domain: string) => `p${++names}x@${domain}`;
const from = (address: string, domain = `firm${++names}.example`) => ({ email: unique(domain), address });

async function join(...people: Person[]): Promise<void> {
  await confirmed(people);
  await welcomed();
}

async function rowOf(email: string) {
  const [row] = await db()
    .select()
    .from(signUps)
    .innerJoin(users, eq(users.id, signUps.userId))
    .where(eq(users.email, email.toLowerCase()));
  if (!row) throw new Error(`${email} has no sign-up`);
  return row.sign_ups;
}

async function creditsOf(userIds: readonly string[]): Promise<bigint> {
  const rows = await db()
    .select({ id: accounts.id })
    .from(accounts)
    .where(inArray(accounts.ownerId, [...userIds]));
  const balances = await Promise.all(
    rows.map(({ id }) => (isId("account", id) ? readBalance(db(), id) : { available: 0n })),
  );
  return balances.reduce((sum, { available }) => sum + available, 0n);
}

const lettersTo = (email: string, kind: string) =>
  db().$count(mails, and(eq(mails.recipient, email.toLowerCase()), eq(mails.kind, kind)));

/** Somebody whose welcome waits. */
async function aWaiting(): Promise<{ id: Id<"user">; email: string }> {
  const { email } = from("198.51.100.9", "mailinator.com");
  await join({ email, address: "198.51.100.9" });
  const { userId, welcome } = await rowOf(email);
  expect(welcome).toBe("waiting");
  return { id: userId, email };
}

const decide = (id: Id<"user">, decision: "given" | "refused") =>
  decideWelcome(id, decision, { by: terminal, reason: "as the test wants" });

describe("welcomes wait", () => {
  it("of fifty from one address whose welcomes are due at once, all but the allowed number, whatever the workers do", async () => {
    const crowd = Array.from({ length: 50 }, () => from("203.0.113.7"));
    await confirmed(crowd);
    await welcomed(4);
    const rows = await db().select().from(signUps);
    expect(rows.filter(({ welcome }) => welcome === "given")).toHaveLength(3);
    expect(rows.filter(({ welcome }) => welcome === "waiting")).toHaveLength(47);
    expect(await creditsOf(rows.map(({ userId }) => userId))).toBe(300n);
    // Retried, swept, and with the mark lost.
    await db().execute(sql`select graphile_worker.add_job('identity.welcome-sweep')`);
    for (const { userId } of rows)
      await db().execute(
        sql`select graphile_worker.add_job('identity.welcome', json_build_object('userId', ${userId}::text))`,
      );
    await welcomed(4);
    expect(await creditsOf(rows.map(({ userId }) => userId))).toBe(300n);
    const waiting = rows.find(({ welcome }) => welcome === "waiting");
    expect(waiting && (await findWithheldWelcome(waiting.userId))).toBe("waiting");
  });

  it("after three of one network: an address of IPv4, a /64 of IPv6", async () => {
    const ips = ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:3::4", "2001:db8:1:2:ffff::9"];
    const six = ips.map((address) => from(address));
    const four = [1, 2, 3, 4].map((last) => from(`192.0.2.${last}`));
    await join(...six, ...four, from("2001:db8:1:3::1"));
    const rows = await db().select().from(signUps);
    expect(rows.filter(({ welcome }) => welcome === "waiting")).toHaveLength(1);
    expect(rows.find(({ welcome }) => welcome === "waiting")?.signals).toEqual(["network"]);
    expect(JSON.stringify(rows)).not.toMatch(/2001:db8|192\.0\.2/);
  });

  it("after as many of one mail domain as are allowed, subdomains too, but not of a public provider", async () => {
    await rules({ perDomain: 2 });
    const hosts = ["a.firm.example", "firm.example", "b.c.firm.example"];
    for (const [index, host] of hosts.entries()) await join(from(`192.0.2.${index}`, host));
    for (const last of [11, 12, 13]) await join(from(`192.0.2.${last}`, "gmail.com"));
    const waiting = await db().select().from(signUps).where(eq(signUps.welcome, "waiting"));
    expect(waiting.map(({ signals, domain }) => [signals, domain])).toEqual([[["domain"], "firm.example"]]);
  });

  it("for a second account of one mailbox, however it is written and however late", async () => {
    await join({ email: "ada.love@gmail.com", address: "192.0.2.1" });
    await db().update(signUps).set({ judgedAt: sql`now() - interval '90 days'` });
    await join({ email: "A.d.a.l.o.v.e+2@googlemail.com", address: "192.0.2.2" });
    expect(await rowOf("A.d.a.l.o.v.e+2@googlemail.com")).toMatchObject({ signals: ["mailbox"] });
  });

  it("for addresses that are to be thrown away, unless the operator minds them not", async () => {
    await join(from("192.0.2.1", "x.mailinator.com"));
    await rules({ disposable: false });
    await join(from("192.0.2.2", "mailinator.com"));
    const rows = await db().select().from(signUps).orderBy(signUps.judgedAt);
    expect(rows.map(({ signals }) => signals)).toEqual([["disposable"], []]);
  });

  it("when far more come in an hour than usual", async () => {
    await rules({ hourLeast: 2, hourFactor: 2 });
    await join(from("192.0.2.1"));
    await join(from("192.0.2.2"));
    const late = from("192.0.2.3");
    await join(late);
    expect(await rowOf(late.email)).toMatchObject({ welcome: "waiting", signals: ["velocity"] });
    // On a site where a hundred come each hour it is nothing special.
    await db().execute(sql`update sign_ups set judged_at = now() - interval '2 hours' where user_id in
      (select user_id from sign_ups order by judged_at limit 2)`);
    const later = from("192.0.2.4");
    await join(later);
    expect((await rowOf(later.email)).welcome).toBe("given");
  });

  it("and their owners are told plainly, have no free months, and can go on", async () => {
    const { id, email } = await aWaiting();
    expect([await lettersTo(email, "welcomeLater"), await lettersTo(email, "welcome")]).toEqual([1, 0]);
    expect(await findWithheldWelcome(id)).toBe("waiting");
    const { rows } = await db().execute(sql`
      select from graphile_worker._private_jobs
      where payload->>'accountId' in (select id from accounts where owner_id = ${id})`);
    expect(rows.length).toBe(0);
    expect(await creditsOf([id])).toBe(0n);
  });
});

describe("staff", () => {
  it("see who waits, why, and who else came from there", async () => {
    const crowd = Array.from({ length: 4 }, () => from("203.0.113.8"));
    for (const person of crowd) await join(person);
    const { welcomes } = await listWelcomes({ state: "waiting", limit: 10 });
    expect(welcomes).toMatchObject([{ email: crowd[3]?.email, signals: ["network"], sameNetwork: 3 }]);
    expect(welcomes[0]?.others.map(({ email }) => email)).toEqual(
      crowd.slice(0, 3).map(({ email }) => email),
    );
  });

  it("give a welcome once, however many decide at once", async () => {
    const { id, email } = await aWaiting();
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => decide(id, "given")));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "welcome_decided" },
    });
    expect(await creditsOf([id])).toBe(100n);
    await runJobs(system);
    expect(await lettersTo(email, "welcome")).toBe(1);
    expect(await findWithheldWelcome(id)).toBeNull();
    const lines = await db()
      .select()
      .from(acts)
      .where(and(eq(acts.objectId, id), eq(acts.action, "welcome.decide")));
    expect(lines).toHaveLength(1);
  });

  it("of whom one gives and another refuses at the same moment decide one thing", async () => {
    const { id } = await aWaiting();
    const decisions = ["given", "refused", "given", "refused"] as const;
    await Promise.allSettled(decisions.map((decision) => decide(id, decision)));
    const [row] = await db().select().from(signUps);
    expect(await creditsOf([id])).toBe(row?.welcome === "given" ? 100n : 0n);
    expect(await db().$count(acts, and(eq(acts.objectId, id), eq(acts.action, "welcome.decide")))).toBe(1);
  });

  it("who refuse leave nothing, for good, and the customer is told", async () => {
    const { id } = await aWaiting();
    await decide(id, "refused");
    await expect(decide(id, "given")).rejects.toMatchObject({ code: "welcome_decided" });
    await db().execute(sql`select graphile_worker.add_job('identity.welcome-sweep')`);
    await welcomed(2);
    expect(await creditsOf([id])).toBe(0n);
    expect(await findWithheldWelcome(id)).toBe("refused");
    expect((await listWelcomes({ state: "refused", limit: 10 })).welcomes).toHaveLength(1);
  });

  it("whose connection dies in the middle have given nothing, and give once when they try again", async () => {
    const { id } = await aWaiting();
    const lock = await db().$client.connect();
    await lock.query("begin");
    await lock.query("select 1 from accounts where owner_id = $1 for update", [id]);
    const attempt = decide(id, "given").catch((error: unknown) => error);
    const waiting = sql<{ pid: number }>`
      select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    await expect.poll(async () => (await db().execute(waiting)).rows.length).toBe(1);
    await db().execute(sql`select pg_terminate_backend(pid) from pg_stat_activity
      where wait_event_type = 'Lock' and datname = current_database()`);
    expect(await attempt).toBeInstanceOf(Error);
    await lock.query("rollback");
    lock.release();
    expect([await creditsOf([id]), (await db().select().from(signUps))[0]?.welcome]).toEqual([0n, "waiting"]);
    await decide(id, "given");
    expect(await creditsOf([id])).toBe(100n);
  });

  it("of two who change the rules at once one is told", async () => {
    const { version } = await readWelcomeRules();
    const change = () => changeWelcomeRules({ ...usual, version }, { by: terminal, reason: "a test of two" });
    const outcomes = await Promise.allSettled([change(), change()]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

it("a network is forgotten after thirty days", async () => {
  await join(from("192.0.2.1"), from("192.0.2.2"));
  await db().execute(sql`update sign_ups set created_at = now() - interval '31 days'
    where user_id = (select user_id from sign_ups limit 1)`);
  await runJobs({ "identity.forget-networks": forgetNetworks });
  await db().execute(sql`select graphile_worker.add_job('identity.forget-networks')`);
  await runJobs(system);
  expect(await db().$count(signUps, sql`network is null`)).toBe(1);
});
