import { execFileSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import autocannon from "autocannon";
import { sql } from "drizzle-orm";
import { type AccountId, grant, openAccount, stopLedger } from "#ledger";
import { type Db, databaseUrl } from "#platform/db";
import { newId } from "#platform/id";
import { say } from "#platform/terminal";
import { withFreshDatabase } from "./books";
import { aServiceKey } from "./http";
import { type Server, startServer } from "./processes";

/**
 * `npm run bench -- pressure`: how much memory an API process takes (resident set) while its ledger's queue is
 * full. Somebody has the one account locked, and more charges are on their way than the queue has room for.
 */

/** Together more than LEDGER_QUEUE. */
const load = { connections: 250, pipelining: 100 };
const seconds = 30;

export async function run(): Promise<void> {
  await withFreshDatabase(async (db) => {
    const accountId = await anAccount(db);
    const authorization = `Bearer ${await aServiceKey()}`;
    const server = await startServer("server.ts", { ROLE: "api", DATABASE_URL: databaseUrl() }, "/healthz");
    const sizes: { [when: string]: number } = {};
    try {
      sizes["after the start"] = residentMb(server);
      await fire(server, { accountId, authorization, connections: 64, pipelining: 1, duration: 5 });
      sizes["after five seconds of charges, 64 at a time"] = residentMb(server);
      const full = await underPressure(db, server, { accountId, authorization });
      for (const [when, size] of Object.entries(full)) sizes[when] = size;
      await pause(5_000);
      await fire(server, { accountId, authorization, connections: 64, pipelining: 1, duration: 5 });
      sizes["afterwards, after five seconds of charges again"] = residentMb(server);
    } finally {
      await server.stop();
      await stopLedger();
    }
    console.log("| when | MB |\n| --- | --: |");
    for (const [when, size] of Object.entries(sizes)) console.log(`| ${when} | ${Math.round(size)} |`);
  });
}

type Customer = { accountId: AccountId; authorization: string };

async function underPressure(
  db: Db,
  server: Server,
  customer: Customer,
): Promise<{ [when: string]: number }> {
  const sizes: number[] = [];
  let over = false;
  const answers = await db.transaction(async (tx) => {
    await tx.execute(sql`select from accounts where id = ${customer.accountId} for update`);
    const fired = fire(server, { ...customer, ...load, duration: seconds });
    void fired.finally(() => {
      over = true;
    });
    while (!over) {
      await pause(500);
      sizes.push(residentMb(server));
    }
    return fired;
  });
  if (answers["2xx"] > 0) throw new Error("Charges got past the lock.");
  const places = load.connections * load.pipelining;
  say(`${places} charges on their way for ${seconds} s: ${answers.non2xx} answered 503.`);
  const [a, b] = [Math.floor(sizes.length / 2), sizes.length].map((end) => Math.max(...sizes.slice(0, end)));
  return { "queue full, most in the first half": a ?? 0, "queue full, most in all": b ?? 0 };
}

async function fire(
  { url }: Server,
  {
    accountId,
    authorization,
    ...options
  }: Customer & Pick<autocannon.Options, "connections" | "pipelining" | "duration">,
): Promise<autocannon.Result> {
  return autocannon({
    ...options,
    url: `${url}/api/v1/charges`,
    timeout: 60,
    method: "POST",
    headers: { authorization, "content-type": "application/json", "toolmint-account": accountId },
    body: JSON.stringify({ credits: 1, tool: "ocr", reference: "an order of somebody else's shop" }),
    requests: [
      {
        setupRequest: (request) => ({
          ...request,
          headers: { ...request.headers, "idempotency-key": newId("request") },
        }),
      },
    ],
  });
}

async function anAccount(db: Db): Promise<AccountId> {
  const owner = { ownerType: "user", ownerId: newId("user") } as const;
  const accountId = await db.transaction((tx) => openAccount(tx, owner));
  const lot = { source: "pack", credits: 10_000_000n, expiresAt: null, cause: "pack" } as const;
  await grant({ accountId, key: "bench", ...lot });
  return accountId;
}

function residentMb({ pid }: Server): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", `${pid}`], { encoding: "utf8" })) / 1024;
}
