import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, expect, it, vi } from "vitest";
import { beginCheckout, receiveEvent, seedPrices, tasks } from "#billing";
import { readBalance, stopLedger } from "#ledger";
import { announced } from "#platform/changes";
import { type Config, parseConfig } from "#platform/config";
import { connectDatabase, db } from "#platform/db";
import { newId } from "#platform/id";
import { singleton } from "#platform/singleton";
import { startStripeSandbox } from "#sandbox/stripe";
import { accounts, users } from "#schema";
import { runJobs, testDatabase, testFolder } from "#test";
import { run as doctor } from "./doctor";
import { run as stripe } from "./stripe";

/** docs/going-live.md, walked through on a site in production with a sandbox of its own for Stripe. */

const dataDir = testFolder();
const database = testDatabase();
const webhookSecret = "whsec_sandbox";
const receiver = createServer(async (request, response) => {
  await receiveEvent(await text(request), `${request.headers["stripe-signature"]}`);
  response.end("{}");
});
receiver.keepAliveTimeout = 0;
afterAll(async () => {
  await announced();
  receiver.closeAllConnections();
  receiver.close();
  await stopLedger();
});

const page = readFileSync("docs/going-live.md", "utf8");
/** A verb of the page, and what the page says that it answers. */
const walk = [...page.matchAll(/`npm run ops -- ([^`]+)`[^`]*`([^`]+)`/g)].map(
  ([, command = "", answer = ""]) => ({ command, answer }),
);

/** What a verb says. It must end well. */
async function ops(command: string): Promise<string> {
  const url = database.url();
  const [verb = "", ...args] = command.split(" ");
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const code = await (verb === "doctor" ? doctor() : stripe(args));
  const said = log.mock.calls.flat().join("\n");
  log.mockRestore();
  // The verbs let go of the database when they are done.
  connectDatabase(url);
  expect(code, said).toBe(0);
  return said;
}

async function aCustomer() {
  const [userId, accountId] = [newId("user"), newId("account")];
  await db()
    .insert(users)
    .values({ id: userId, name: "Ada", email: `${userId}@example.com` });
  await db().insert(accounts).values({ id: accountId, ownerType: "user", ownerId: userId });
  return accountId;
}

it("the page's commands say what it says, in its order; a pack is bought, and its refund takes the credits", async () => {
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = receiver.address() as AddressInfo;
  const webhook = { url: `http://127.0.0.1:${port}`, secret: webhookSecret };
  const sandbox = await startStripeSandbox({ webhook });
  const settings = {
    BASE_URL: "https://tools.example.com",
    AUTH_SECRET: "x".repeat(32),
    ...{ DATA_DIR: dataDir, DATABASE_URL: database.url(), LOG_LEVEL: "warn" },
    ...{ STRIPE_API_BASE: sandbox.url, STRIPE_SECRET_KEY: sandbox.secretKey },
    STRIPE_WEBHOOK_SECRET: webhookSecret,
  };
  singleton<Config>("config").set(parseConfig(settings));
  await seedPrices();
  expect(walk.map(({ command }) => command)).toEqual([
    ...["stripe sync", "stripe sync", "doctor"],
    ...["stripe events", "stripe check"],
  ]);
  for (const { command, answer } of walk.slice(0, 3)) expect(await ops(command)).toContain(answer);

  const accountId = await aCustomer();
  const arrive = async () => {
    await sandbox.settled();
    await runJobs(tasks.system ?? {});
  };
  const bought = { kind: "pack", packId: "small", currency: "usd", returnTo: "/billing" } as const;
  const card = { action: "pay", number: "4242424242424242", expiry: "12 / 34", cvc: "123" };
  const body = new URLSearchParams({ ...card, email: "ada@example.com" });
  const url = await beginCheckout(accountId, bought, newId("checkout"));
  await fetch(url, { method: "POST", body, redirect: "manual" });
  await arrive();
  expect((await readBalance(db(), accountId)).available).toBe(500n);
  const headers = { authorization: `Basic ${btoa(`${sandbox.secretKey}:`)}` };
  const charges = await (await fetch(`${sandbox.url}/v1/charges?limit=1`, { headers })).text();
  const charge = /ch_[A-Za-z0-9]*/.exec(charges)?.[0] ?? "";
  const refund = new URLSearchParams({ charge });
  expect((await fetch(`${sandbox.url}/v1/refunds`, { method: "POST", headers, body: refund })).ok).toBe(true);
  await arrive();
  expect((await readBalance(db(), accountId)).available).toBe(0n);

  for (const { command, answer } of walk.slice(3)) expect(await ops(command)).toContain(answer);
  await sandbox.stop();
}, 120_000);
