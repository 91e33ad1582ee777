import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { type AccountId, type EntryFilter, listEntries } from "#ledger";
import type { Db } from "#platform/db";
import { say } from "#platform/terminal";
import * as schema from "#schema";
import { withFreshDatabase } from "./books";

/**
 * `npm run bench -- history [ENTRIES]`: pages of the history over ten million entries. Each must be one range
 * of one index, however deep it lies; the plan is asked of PostgreSQL and anything else is an error.
 */

const pageSize = 50;
const repeats = 40;
/** A tenth of all entries is one account's; the others have a thousand each. */
const whale = "acct_00000000000000000000000000" satisfies AccountId;

type Page = { what: string; accountId: AccountId; filter: EntryFilter & { before?: bigint } };
type Node = { "Node Type": string; "Index Name"?: string; Plans?: Node[] } & Record<string, unknown>;

export async function run(args: readonly string[]): Promise<void> {
  const quick = args.includes("--quick");
  const entries = Number(args.find((arg) => /^\d+$/.test(arg)) ?? (quick ? 100_000 : 10_000_000));
  await withFreshDatabase(async (db) => {
    const started = performance.now();
    await fillHistory(db, entries);
    say(`${entries} entries made in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    console.log("| page | ms (p50) | buffers | plan |\n| --- | --: | --: | --- |");
    for (const page of pagesOf(entries)) {
      const { millis, buffers, plan } = await look(db, page);
      console.log(`| ${page.what} | ${millis.toFixed(2)} | ${buffers} | ${plan} |`);
    }
  });
}

function pagesOf(entries: number): Page[] {
  const most = BigInt(entries / 10);
  const small = accountId(1);
  const middle = new Date(Date.UTC(2025, 0, 1) + (Number(most) / 2) * 1000);
  const later = new Date(middle.getTime() + 30 * 60_000);
  return [
    { what: `newest of ${most}`, accountId: whale, filter: {} },
    { what: `from the middle of ${most}`, accountId: whale, filter: { before: most / 2n } },
    { what: `oldest of ${most}`, accountId: whale, filter: { before: 51n } },
    { what: "half an hour in the middle", accountId: whale, filter: { from: middle, to: later } },
    { what: "newest of 1000", accountId: small, filter: {} },
    { what: "one cause, of 1000", accountId: small, filter: { cause: "tool:ocr" } },
  ];
}

/** Entries a second apart, of accounts of which one is a hundred or more times as large as the others. */
async function fillHistory(db: Db, entries: number): Promise<void> {
  const most = entries / 10;
  const others = (entries - most) / 1000;
  for (const [first, last, each] of [
    [0, 0, most],
    [1, others, 1000],
  ]) {
    await db.execute(sql`
      insert into accounts (id, owner_type, owner_id, available, last_entry)
      select 'acct_' || lpad(i::text, 26, '0'), 'user', 'usr_' || i, 0, ${each}
      from generate_series(${first}::int, ${last}::int) as i`);
    await db.execute(sql`
      insert into entries (account_id, seq, kind, credits, total_after, grant_id, source, cause, created_at)
      select 'acct_' || lpad(i::text, 26, '0'), seq, case when seq = 1 then 'issued' else 'consumed' end,
        case when seq = 1 then ${each}::int8 else -1 end, ${each}::int8 - seq + 1,
        'grant_' || lpad(i::text, 26, '0'), 'pack',
        case seq % 3 when 0 then 'tool:ocr' when 1 then 'tool:upscale' else 'tool:convert' end,
        timestamptz '2025-01-01 00:00Z' + seq * interval '1 second'
      from generate_series(${first}::int, ${last}::int) as i, generate_series(1, ${each}::int) as seq`);
  }
  await db.execute(sql`vacuum analyze entries`);
  await db.execute(sql`vacuum analyze accounts`);
}

/** Reads the page some times, then asks PostgreSQL how. @throws when it is not one range of the primary key */
async function look(db: Db, { what, accountId, filter }: Page) {
  const asked: { query: string; params: unknown[] }[] = [];
  const logger = { logQuery: (query: string, params: unknown[]) => void asked.push({ query, params }) };
  const listening = drizzle({ client: db.$client, schema, logger });
  const times: number[] = [];
  for (let round = 0; round < repeats; round += 1) {
    const began = performance.now();
    await listEntries(listening, accountId, { limit: pageSize, ...filter });
    times.push(performance.now() - began);
  }
  const last = asked.at(-1);
  if (!last) throw new Error("Nothing was asked.");
  const { rows } = await db.$client.query<{ "QUERY PLAN": [{ Plan: Node }] }>(
    `explain (analyze, buffers, format json) ${last.query}`,
    last.params,
  );
  const top = rows[0]?.["QUERY PLAN"][0].Plan;
  if (!top) throw new Error("No plan was told.");
  const plan = shapeOf(top);
  if (plan !== "Limit > Index Scan entries_pkey") throw new Error(`${what} is read by ${plan}`);
  times.sort((a, b) => a - b);
  const buffers = Number(top["Shared Hit Blocks"]) + Number(top["Shared Read Blocks"]);
  return { millis: times[times.length >> 1] ?? 0, buffers, plan };
}

/** The nodes that read the page; the bounds of a time are looked up before, by halving. */
function shapeOf(node: Node): string {
  const name = node["Index Name"] ? `${node["Node Type"]} ${node["Index Name"]}` : node["Node Type"];
  const inner = (node.Plans ?? []).filter((plan) => plan["Parent Relationship"] !== "InitPlan");
  return [name, ...inner.map(shapeOf)].join(" > ");
}

function accountId(index: number): AccountId {
  return `acct_${String(index).padStart(26, "0")}`;
}
