import { sql } from "drizzle-orm";
import { z } from "zod";
import { type CustomerFilter, listCustomers } from "#insight";
import type { Db } from "#platform/db";
import { OperatorError, say } from "#platform/terminal";
import { withFreshDatabase } from "./books";
import { fillCustomers } from "./customers-site";

/**
 * `npm run bench -- customers [--people N] [--explain]`: how long the back office's list of customers takes to read
 * among a million of them: its first page, one from deep within, each filter and each kind of search.
 */

const usualPeople = 1_000_000;
const pageSize = 25;
const rounds = 7;
/** What a page may take. */
const goalMs = 50;

type Page = { what: string; filter: CustomerFilter; before?: { micros: bigint; id: string } | undefined };

export async function run(args: readonly string[]): Promise<void> {
  const people = args.includes("--quick") ? 20_000 : peopleOf(args);
  await withFreshDatabase(async (db) => {
    const started = performance.now();
    await fillCustomers(db, people);
    say(
      `${people.toLocaleString("en")} customers made in ${((performance.now() - started) / 1000).toFixed(0)} s`,
    );
    console.log("| page | ms (p50) | slowest | found |\n| --- | --: | --: | --: |");
    let above = 0;
    for (const page of await pagesOf(db)) {
      const { p50, slowest, found } = await measure(page);
      const slow = p50 > goalMs;
      above += slow ? 1 : 0;
      console.log(
        `| ${page.what}${slow ? " **above**" : ""} | ${p50.toFixed(1)} | ${slowest.toFixed(1)} | ${found} |`,
      );
      if (args.includes("--explain") && slow) await explain(db, page);
    }
    say(above === 0 ? `All within ${goalMs} ms.` : `${above} above ${goalMs} ms.`);
  });
}

/** From a customer in the middle who has bought, and from the list's own filters. */
async function pagesOf(db: Db): Promise<Page[]> {
  const somebody = await pick(db, sql`true`, sql`offset (select count(*) / 2 from users)`);
  const buyer = await pick(
    db,
    sql`exists (select from invoices i where i.account_id = a.id)`,
    sql`offset 100`,
  );
  const holder = await pick(
    db,
    sql`exists (select from api_keys k where k.account_id = a.id)`,
    sql`offset 100`,
  );
  const number = buyer.id.slice(4);
  const [key] = (
    await db.execute<{ hint: string }>(
      sql`select hint from api_key_secrets s join api_keys k on k.id = s.api_key_id where k.user_id = ${holder.id}`,
    )
  ).rows;
  const [invoice] = (
    await db.execute<{ id: string; number: string }>(
      sql`select id, number from invoices where account_id = ${`acct_${number}`} limit 1`,
    )
  ).rows;
  const year = 365 * 86_400_000;
  const search = (what: string, query: string): Page => ({ what: `search: ${what}`, filter: { query } });
  const deep = { micros: somebody.micros, id: somebody.id };
  const filters: Page[] = [
    ...(["pro", "premium", "enterprise", "free"] as const).map((plan) => ({
      what: `plan ${plan}`,
      filter: { plan },
    })),
    ...(["trialing", "active", "past_due", "unpaid", "paused", "canceled"] as const).map((status) => ({
      what: `status ${status}`,
      filter: { status },
    })),
    ...(["past_due", "dispute", "refund", "suspended"] as const).map((flag) => ({
      what: `flag ${flag}`,
      filter: { flag },
    })),
    { what: "paid", filter: { paid: true } },
    { what: "never paid", filter: { paid: false } },
    { what: "confirmed", filter: { verified: true } },
    { what: "not confirmed", filter: { verified: false } },
    { what: "balance below 1", filter: { balanceBelow: 1 } },
    { what: "balance below 100", filter: { balanceBelow: 100 } },
    {
      what: "signed up in one month, two years ago",
      filter: { from: new Date(Date.now() - 2 * year), to: new Date(Date.now() - 2 * year + year / 12) },
    },
    { what: "premium, balance below 10", filter: { plan: "premium", balanceBelow: 10 } },
    { what: "paid, free by now, confirmed", filter: { paid: true, plan: "free", verified: true } },
  ];
  return [
    { what: "first page", filter: {} },
    { what: "from the middle", filter: {}, before: deep },
    { what: "from near the end", filter: {}, before: { micros: 0n, id: somebody.id } },
    ...filters,
    ...filters.slice(0, 18).map((page) => ({ ...page, what: `${page.what}, from the middle`, before: deep })),
    search("a mail address", buyer.email),
    search("the beginning of one", buyer.email.slice(0, 12)),
    search("a letter", "a"),
    search("a whole name", buyer.name),
    search("a first name", buyer.name.split(" ")[0] ?? ""),
    search("nobody", "nobody-has-this@example.com"),
    search("a user's id", buyer.id),
    search("an account's id", `acct_${number}`),
    search("a run's id", `run_${holder.id.slice(4)}`),
    search("a customer's id in Stripe", `cus_${number}`),
    search("a subscription's id", `sub_${number}`),
    search("an invoice's id", invoice?.id ?? ""),
    search("an invoice's number", invoice?.number ?? ""),
    search("a checkout's id", `cs_${number}`),
    search("a key's id", `key_${holder.id.slice(4)}`),
    search("what is shown of a key", key?.hint ?? ""),
    search("one's own name for an account", `crm-${Math.ceil(Number(holder.id.slice(4)) / 50) * 50}`),
  ];
}

type Person = { id: string; email: string; name: string; micros: bigint };

async function pick(db: Db, where: ReturnType<typeof sql>, place: ReturnType<typeof sql>): Promise<Person> {
  const { rows } = await db.execute<{ id: string; email: string; name: string; micros: string }>(sql`
    select u.id, u.email, u.name, (extract(epoch from u.created_at) * 1000000)::int8::text as micros
    from users u join accounts a on a.owner_id = u.id where ${where} order by u.created_at ${place} limit 1`);
  const [row] = rows;
  if (!row) throw new Error("nobody is like this");
  return { ...row, micros: BigInt(row.micros) };
}

async function measure({ filter, before }: Page) {
  const times: number[] = [];
  let found = 0;
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    found = (await listCustomers(filter, { limit: pageSize, before })).customers.length;
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return { p50: times[rounds >> 1] ?? 0, slowest: times.at(-1) ?? 0, found };
}

/** How PostgreSQL reads a page that takes too long. */
async function explain(db: Db, { filter, before }: Page): Promise<void> {
  const { text, values } = await lastAsked(db, () => listCustomers(filter, { limit: pageSize, before }));
  const { rows } = await db.$client.query<{ "QUERY PLAN": string }>(
    `explain (analyze, buffers, costs off) ${text}`,
    values,
  );
  for (const row of rows) console.log(`    ${row["QUERY PLAN"]}`);
}

const statement = z.tuple([z.object({ text: z.string() }), z.array(z.unknown())]);

/** The last statement that some work sends. */
async function lastAsked(db: Db, work: () => Promise<unknown>): Promise<{ text: string; values: unknown[] }> {
  const pool = db.$client;
  const { query } = pool;
  const seen: unknown[][] = [];
  const listening = (...args: unknown[]): unknown => {
    seen.push(args);
    return Reflect.apply(query, pool, args);
  };
  Object.defineProperty(pool, "query", { configurable: true, value: listening });
  try {
    await work();
  } finally {
    Reflect.deleteProperty(pool, "query");
  }
  const [{ text }, values] = statement.parse(seen.at(-1));
  return { text, values };
}

function peopleOf(args: readonly string[]): number {
  const place = args.indexOf("--people");
  const people = place < 0 ? usualPeople : Number(args[place + 1]);
  if (!(Number.isInteger(people) && people >= 10_000)) {
    throw new OperatorError("npm run bench -- customers [--people N] [--explain], N from 10000 on");
  }
  return people;
}
