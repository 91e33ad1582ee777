import { spawn } from "node:child_process";
import { once } from "node:events";
import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { readBalance } from "#ledger";
import { mails, users } from "#schema";
import { runJobs, testDatabase } from "#test";
import { aBrowser, newAddress, requireMail } from "./browser.fixture";
import { requireSession } from "./session";
import { tasks } from "./tasks";
import { sweepUnwelcomed } from "./welcome";

const { db, url } = testDatabase();
const system = tasks.system ?? {};

/** Somebody who has confirmed just now, whose welcome waits as a job. */
async function confirmed() {
  const email = newAddress();
  const browser = aBrowser();
  await browser.signUp(email);
  await browser.post("/verify-email", { token: (await requireMail(email, "verify")).token });
  const { user, accountId } = await requireSession(browser.headers());
  return {
    email,
    user,
    available: async () => (await readBalance(db(), accountId)).available,
    letters: async () =>
      (await db().select().from(mails).where(eq(mails.recipient, email))).filter(
        ({ kind }) => kind === "welcome",
      ),
  };
}

const sweep = async () => {
  await runJobs({ "identity.welcome-sweep": sweepUnwelcomed });
  await db().execute(sql`select graphile_worker.add_job('identity.welcome-sweep')`);
  await runJobs(system);
};

test("who confirms their address gets the welcome credits and a letter, once", async () => {
  const { user, email, available, letters } = await confirmed();
  expect(await available()).toBe(0n);
  await runJobs(system);
  expect(await available()).toBe(100n);
  await db().execute(
    sql`select graphile_worker.add_job('identity.welcome', json_build_object('userId', ${user.id}::text))`,
  );
  await runJobs(system);
  await sweep();
  expect(await available()).toBe(100n);
  expect(await letters()).toHaveLength(1);
  expect(await requireMail(email, "welcome")).toMatchObject({ subject: "100 credits are yours" });
});

test("many at the same moment grant once", async () => {
  const { user, available } = await confirmed();
  for (let i = 0; i < 8; i++) {
    await db().execute(
      sql`select graphile_worker.add_job('identity.welcome', json_build_object('userId', ${user.id}::text))`,
    );
  }
  await Promise.all([runJobs(system), runJobs(system), runJobs(system)]);
  expect(await available()).toBe(100n);
});

test("who has not confirmed gets nothing", async () => {
  const email = newAddress();
  const browser = aBrowser();
  await browser.signUp(email);
  await browser.signIn(email);
  const { user, accountId } = await requireSession(browser.headers());
  await db().execute(
    sql`select graphile_worker.add_job('identity.welcome', json_build_object('userId', ${user.id}::text))`,
  );
  await sweep();
  expect((await readBalance(db(), accountId)).available).toBe(0n);
});

test("a job that was lost is made up for by the sweep", async () => {
  const { available } = await confirmed();
  await db().execute(
    sql`select graphile_worker.complete_jobs((select array_agg(id) from graphile_worker.jobs where task_identifier = 'identity.welcome'))`,
  );
  await runJobs(system);
  expect(await available()).toBe(0n);
  await sweep();
  expect(await available()).toBe(100n);
});

test("a process killed in the middle of the welcome grants once in the end", async () => {
  const { user, available, letters } = await confirmed();
  // The child gets as far as our lock on the account, with the mark and the letter already written.
  const lock = await db().$client.connect();
  await lock.query("begin");
  await lock.query("select 1 from accounts where owner_id = $1 for update", [user.id]);
  const child = spawn(process.execPath, ["--import", "tsx", "src/identity/welcome.child.ts", url()], {
    stdio: "inherit",
  });
  const exited = once(child, "exit");
  await expect.poll(waitsForALock, { timeout: 45_000 }).toBe(true);
  child.kill("SIGKILL");
  await exited;
  await lock.query("rollback");
  lock.release();
  expect(await available()).toBe(0n);
  const [row] = await db().select().from(users).where(eq(users.id, user.id));
  expect(row?.welcomedAt).toBeNull();
  // graphile-worker keeps the dead child's job locked; the sweep does not wait for it.
  await sweep();
  expect(await available()).toBe(100n);
  expect(await letters()).toHaveLength(1);
  // A process of its own takes a while to start beside others.
}, 90_000);

async function waitsForALock(): Promise<boolean> {
  const { rows } = await db().execute(
    sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  );
  return rows.length > 0;
}
