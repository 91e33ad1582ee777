import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { requireKey, revokeKey } from "#identity";
import { grant, readBalance, reconcile, stopLedger, sumEntries } from "#ledger";
import { terminal } from "#platform/audit";
import { stopHearing } from "#platform/changes";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { testDatabase, testFolder } from "#test";
import { metering, running } from "#ui/docs/samples";
import { aKey, anOwner, aUser, type TestKey, type TestUser } from "./src/api/test-caller";
import { startSite } from "./test/process";
import type { SiteProcess } from "./test/spawn";

/** Metering against real processes of the site: the samples of the docs, and what two processes share. */

vi.setConfig({ testTimeout: 120_000 });
const { url } = testDatabase();
const folder = testFolder();

let owner: TestUser;
const ends: (() => Promise<void>)[] = [];
let both: readonly [SiteProcess, SiteProcess];

beforeAll(async () => {
  owner = await anOwner();
  const settings = { DATABASE_URL: url(), DATA_DIR: folder };
  const atEnd = (end: () => Promise<void>) => ends.push(end);
  both = [await startSite(settings, atEnd), await startSite(settings, atEnd)];
  for (const site of both) await site.ready();
}, 240_000);
afterAll(async () => {
  await Promise.all(ends.map((end) => end()));
  await stopLedger();
  await stopHearing();
});

async function aCustomer(name: string, credits: bigint): Promise<TestUser> {
  const user = await aUser(name);
  const { accountId } = user.session;
  await grant({ accountId, key: "w", credits, source: "pack", expiresAt: null, cause: "pack" });
  return user;
}

async function charge(site: SiteProcess, key: TestKey, customer: TestUser): Promise<number> {
  const headers = {
    ...key.headers,
    "toolmint-account": customer.session.accountId,
    "idempotency-key": newId("request"),
    "content-type": "application/json",
  };
  const body = JSON.stringify({ credits: 1, tool: "t" });
  return (await fetch(`${site.url}/api/v1/charges`, { method: "POST", headers, body })).status;
}

test("docs/metering.md shows the samples of the docs page, in ten lines each; docs/api.md another", () => {
  const text = readFileSync("docs/metering.md", "utf8");
  for (const sample of Object.values(metering)) {
    expect(text).toContain(`\n${sample}\n\`\`\``);
    expect(sample.split("\n").length).toBeLessThanOrEqual(10);
  }
  expect(readFileSync("docs/api.md", "utf8")).toContain(running.curl);
});

test("the TypeScript sample holds and captures as it stands; run twice it charges once", async () => {
  const ada = await aCustomer("ada", 100n);
  const { secret } = await aKey(owner);
  const file = join(folder, "meter.mts");
  writeFileSync(file, metering.typescript);
  const { accountId } = ada.session;
  const env = { ...process.env, SITE: both[0].url, KEY: secret, ACCOUNT: accountId };
  for (const repeated of [false, true]) {
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", file], { env });
    expect(stdout).toMatch(/credits: 9,\s+available: 91,\s+held: 0/);
    expect(stdout).toContain(`repeated: ${repeated}`);
  }
  expect(await readBalance(db(), accountId)).toMatchObject({ available: 91n, held: 0n });
});

test("a revoked key is refused by every process within 5 s, also by one that hears no notice", async () => {
  const ada = await aCustomer("ada", 100_000n);
  for (const deaf of [false, true]) {
    const key = await aKey(owner);
    for (const site of both) expect(await charge(site, key, ada)).toBe(201);
    if (deaf) {
      await db().execute(
        sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen %'`,
      );
    }
    await revokeKey(owner.session, key.id, terminal);
    const revokedAtMs = performance.now();
    for (const site of both) {
      for (;;) {
        const sentAtMs = performance.now();
        const status = await charge(site, key, ada);
        if (status === 401) break;
        expect(status).toBe(201);
        expect(sentAtMs - revokedAtMs).toBeLessThan(5_000);
      }
    }
  }
});

test("two processes let exactly as much of a cap through as there is, and all totals are one", async () => {
  const customers = [await aCustomer("bea", 1_000n), await aCustomer("cy", 1_000n)];
  const key = await aKey(owner, { cap: 60n });
  const asked = Array.from({ length: 160 }, (_, index) => {
    const customer = customers[Math.floor(index / 2) % 2];
    if (!customer) throw new Error("nobody to charge");
    return charge(index % 2 === 0 ? both[0] : both[1], key, customer);
  });
  const statuses = await Promise.all(asked);
  expect(statuses.filter((status) => status === 201)).toHaveLength(60);
  expect(statuses.filter((status) => status === 402)).toHaveLength(100);
  const sums = await Promise.all(
    customers.map(({ session }) => sumEntries(db(), session.accountId, { apiKeyId: key.id })),
  );
  expect(sums.reduce((sum, { consumed }) => sum - consumed, 0n)).toBe(60n);
  expect(await requireKey(owner.session, key.id)).toMatchObject({
    used: { spent: 60n, held: 0n },
    spentLast30Days: 60n,
  });
  expect(await reconcile(db())).toEqual([]);
});
