import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "drizzle-orm";
import { Logger, run as runWorker } from "graphile-worker";
import Stripe from "stripe";
import { connectStripe, receiveEvent, seedPrices, tasks } from "#billing";
import { charge, grant, stopLedger } from "#ledger";
import { type Db, databaseUrl } from "#platform/db";
import { newId } from "#platform/id";
import { openJobPool } from "#platform/queue";
import { say } from "#platform/terminal";
import { accounts, customers } from "#schema";
import { withFreshDatabase } from "./books";
import { measure } from "./measure";

/**
 * `npm run bench -- webhooks`: how many events a second are taken in, and how long it takes from an event to
 * its credits, with the ledger at rest and under load.
 */

const secret = "whsec_bench";
const people = 500;

export async function run(args: readonly string[]): Promise<void> {
  const seconds = args.includes("--quick") ? 2 : 10;
  await withFreshDatabase(async (db) => {
    const bought = new Map<string, number>();
    const server = await answerAsStripe(bought);
    const { port } = server.address() as AddressInfo;
    connectStripe({ url: `http://127.0.0.1:${port}`, secretKey: "sk_test_bench", webhookSecret: secret });
    await seedPrices();
    await db.execute(sql`update prices set stripe_price_id = lookup_key`);
    const customerIds = await makeCustomers(db);
    let next = 0;
    const send = async () => {
      const customer = customerIds[next++ % customerIds.length] ?? "";
      const { body, signature } = delivery(customer);
      await receiveEvent(body, signature);
      return customer;
    };
    const taken = await measure(send, { callers: 16, seconds });
    say(line("events taken in", taken));
    await db.execute(
      sql`select graphile_worker.remove_job(key) from graphile_worker.jobs where key is not null`,
    );

    const pgPool = openJobPool(databaseUrl(), 8);
    const worker = await runWorker({
      ...{ pgPool, taskList: tasks.system ?? {}, concurrency: 4, noHandleSignals: true },
      logger: new Logger(() => () => undefined),
    });
    const untilCredits = async () => {
      const index = next++ % customerIds.length;
      const customer = customerIds[index] ?? "";
      bought.set(customer, (bought.get(customer) ?? 0) + 1);
      const { body, signature } = delivery(customer);
      await receiveEvent(body, signature);
      await hasLots(db, customer, bought.get(customer) ?? 0);
    };
    say(line("event to credits, ledger at rest", await measure(untilCredits, { callers: 4, seconds })));
    const load = underLoad(db);
    say(line("event to credits, ledger under load", await measure(untilCredits, { callers: 4, seconds })));
    say(`charges a second meanwhile: ${Math.round(await load())}`);
    await worker.stop();
    await pgPool.end();
    await stopLedger();
    server.close();
  });
}

function line(
  what: string,
  { perSecond, p50, p99 }: { perSecond: number; p50: number; p99: number },
): string {
  return `${what.padEnd(38)} ${Math.round(perSecond)}/s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`;
}

/** As many paid packs of each customer as were bought. */
async function answerAsStripe(bought: ReadonlyMap<string, number>) {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const customer = url.searchParams.get("customer") ?? "";
    const data =
      url.pathname === "/v1/invoices"
        ? Array.from({ length: bought.get(customer) ?? 0 }, (_, index) => invoice(customer, index))
        : [];
    const answer = url.pathname.startsWith("/v1/customers/")
      ? { object: "customer", invoice_settings: { default_payment_method: null } }
      : { object: "list", data, has_more: false };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function invoice(customer: string, index: number) {
  const at = 1_780_000_000;
  const id = `in_${customer}_${index}`;
  return {
    ...{ id, status: "paid", currency: "usd", total: 900, created: at, number: id, attempted: true },
    ...{ metadata: {}, parent: null, payments: { data: [] }, status_transitions: { paid_at: at } },
    lines: {
      has_more: false,
      data: [
        {
          ...{ id: `il_${id}`, amount: 900, currency: "usd", quantity: 1, description: "pack", parent: null },
          ...{ period: { start: at, end: at }, pricing: { price_details: { price: "pack:small:usd" } } },
        },
      ],
    },
  };
}

async function makeCustomers(db: Db): Promise<string[]> {
  const made = Array.from({ length: people }, () => {
    const accountId = newId("account");
    return { accountId, stripeId: `cus_${accountId.slice(-14)}` };
  });
  await db
    .insert(accounts)
    .values(made.map(({ accountId }) => ({ id: accountId, ownerType: "user" as const, ownerId: accountId })));
  await db.insert(customers).values(made);
  return made.map(({ stripeId }) => stripeId);
}

let events = 0;

function delivery(customer: string) {
  const body = JSON.stringify({
    ...{ id: `evt_${++events}`, object: "event", type: "invoice.paid", livemode: false },
    ...{
      created: Math.floor(Date.now() / 1000),
      data: { object: { object: "invoice", id: "in", customer } },
    },
  });
  return { body, signature: Stripe.webhooks.generateTestHeaderString({ payload: body, secret }) };
}

async function hasLots(db: Db, customer: string, count: number): Promise<void> {
  for (;;) {
    const { rows } = await db.execute<{ lots: number }>(sql`
      select count(*)::int as lots from line_grants g join customers c using (account_id)
      where c.stripe_id = ${customer}`);
    if ((rows[0]?.lots ?? 0) >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** 32 callers who charge other accounts until it is called. @returns the charges a second */
function underLoad(db: Db): () => Promise<number> {
  let going = true;
  let charges = 0;
  const started = performance.now();
  const callers = Array.from({ length: 32 }, async () => {
    const accountId = newId("account");
    await db.insert(accounts).values({ id: accountId, ownerType: "user", ownerId: accountId });
    const cause = "bench";
    await grant({ accountId, key: "grant", credits: 10_000_000n, source: "promo", expiresAt: null, cause });
    while (going) {
      await charge({ accountId, key: newId("run"), credits: 1n, cause });
      charges += 1;
    }
  });
  return async () => {
    going = false;
    await Promise.all(callers);
    return charges / ((performance.now() - started) / 1000);
  };
}
