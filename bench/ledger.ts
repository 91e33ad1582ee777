import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { Pool } from "pg";
import { type AccountId, applyCommands, type Command, charge, grant, reconcile, stopLedger } from "#ledger";
import { connectDatabase, db, disconnectDatabase } from "#platform/db";
import { startEmbeddedPostgres } from "#platform/embedded-postgres";
import { newId } from "#platform/id";
import { migrateDatabase } from "#platform/migrate";
import { say } from "#platform/terminal";
import * as schema from "#schema";
import { type Figures, measure, median } from "./measure";
import { openStarters, prepareStarters } from "./starters";

/**
 * Charges per second on one embedded PostgreSQL with fsync on: `ours` (batched) beside `starters` and
 * `per-request` (our own rules, a transaction for each command), spread over 10,000 accounts and on one.
 * Rounds are interleaved, so that a busy moment of the machine hits all three; the baselines get the best of
 * several pool sizes.
 */

const accountCount = 10_000;
const poolSizes = [8, 16, 32, 64];
const targets = ["spread", "hot"] as const;
const callerCounts = [1, 64, 512];
type Target = (typeof targets)[number];
/** Something that charges one credit, on any account or on the hot one. */
type System = { name: string; charge: (account: number) => Promise<unknown>; close: () => Promise<void> };

export async function run(args: readonly string[]): Promise<void> {
  const quick = args.includes("--quick");
  const plan = quick ? { seconds: 1.5, rounds: 1, probe: 0.5 } : { seconds: 4, rounds: 3, probe: 1.5 };
  const folder = mkdtempSync(join(tmpdir(), "toolmint-bench-"));
  // PostgreSQL refuses to run as root and must be able to enter it.
  chmodSync(folder, 0o755);
  const server = await startEmbeddedPostgres({ folder, durable: true });
  try {
    await migrateDatabase(server.url);
    connectDatabase(server.url, { maxConnections: 4 });
    await describeMachine();
    const accounts = await openAccounts();
    await prepareStarters(server.url, accountCount);
    for (const target of targets) {
      for (const callers of callerCounts) await compare(server.url, accounts, target, callers, plan);
    }
    await describeBooks();
  } finally {
    await stopLedger();
    await disconnectDatabase();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Plan = { seconds: number; rounds: number; probe: number };

async function compare(
  url: string,
  accounts: readonly AccountId[],
  target: Target,
  callers: number,
  { seconds, rounds, probe }: Plan,
): Promise<void> {
  const pick = target === "hot" ? () => 0 : () => Math.floor(Math.random() * accountCount);
  const opened = {
    starters: await best((size) => starters(url, size), pick, { callers, seconds: probe }),
    perRequest: await best((size) => perRequest(url, accounts, size), pick, { callers, seconds: probe }),
    ours: ours(accounts),
  };
  const systems = [opened.starters, opened.perRequest, opened.ours];
  const measured: Figures[][] = systems.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, system] of systems.entries()) {
      measured[index]?.push(await measure(() => system.charge(pick()), { callers, seconds }));
    }
  }
  for (const system of systems) await system.close();
  const [starter, single, batched] = measured.map(median);
  if (!starter || !single || !batched) throw new Error("Nothing was measured.");
  print([
    target,
    String(callers),
    `${cell(starter)} ${opened.starters.name}`,
    `${cell(single)} ${opened.perRequest.name}`,
    cell(batched),
    `${(batched.perSecond / starter.perSecond).toFixed(1)}x`,
    `${(batched.perSecond / single.perSecond).toFixed(1)}x`,
  ]);
}

/** Opens a baseline with the pool size that serves so many callers best. */
async function best(
  open: (size: number) => System,
  pick: () => number,
  load: { callers: number; seconds: number },
): Promise<System> {
  const sizes = load.callers === 1 ? [1] : poolSizes;
  let winner = { size: sizes[0] ?? 1, perSecond: 0 };
  for (const size of sizes.length > 1 ? sizes : []) {
    const system = open(size);
    const { perSecond } = await measure(() => system.charge(pick()), load);
    await system.close();
    if (perSecond > winner.perSecond) winner = { size, perSecond };
  }
  return open(winner.size);
}

function starters(url: string, size: number): System {
  const { charge, close } = openStarters(url, size);
  return { name: `pool ${size}`, charge, close };
}

function perRequest(url: string, accounts: readonly AccountId[], size: number): System {
  const client = new Pool({ connectionString: url, max: size });
  const pool = drizzle({ client, schema });
  return {
    name: `pool ${size}`,
    charge: (account) => pool.transaction((tx) => applyCommands(tx, [oneCredit(accounts, account)])),
    close: () => client.end(),
  };
}

function ours(accounts: readonly AccountId[]): System {
  return {
    name: "batched",
    charge: (account) => {
      const { verb: _, ...command } = oneCredit(accounts, account);
      return charge(command);
    },
    close: async () => undefined,
  };
}

function oneCredit(accounts: readonly AccountId[], account: number): Extract<Command, { verb: "charge" }> {
  const accountId = accounts[account] ?? "acct_none";
  return { verb: "charge", accountId, key: newId("request"), credits: 1n, cause: "tool:ocr" };
}

async function openAccounts(): Promise<AccountId[]> {
  const accounts = Array.from({ length: accountCount }, () => newId("account"));
  await db().execute(sql`
    insert into accounts (id, owner_type, owner_id)
    select id, 'user', 'usr_' || id from unnest(${sql.param(accounts)}::text[]) as new (id)`);
  await Promise.all(
    accounts.map((accountId) =>
      grant({
        accountId,
        key: "bench",
        credits: 1_000_000_000n,
        source: "pack",
        expiresAt: null,
        cause: "bench",
      }),
    ),
  );
  return accounts;
}

async function describeMachine(): Promise<void> {
  const { rows } = await db().execute<{ version: string; fsync: string; commit: string }>(sql`
    select current_setting('server_version') as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as commit`);
  const [server] = rows;
  const memory = Math.round(totalmem() / 2 ** 30);
  say(
    `${cpus().length} x ${cpus()[0]?.model ?? "?"}, ${memory} GB, Node ${process.version}, ` +
      `PostgreSQL ${server?.version} on the same machine, fsync ${server?.fsync}, ` +
      `synchronous_commit ${server?.commit}`,
    "Charges per second (p50 / p99 in ms); the last columns are ours over theirs.",
  );
  print(["accounts", "callers", "starters", "per-request", "ours", "/ starters", "/ per-request"]);
  print(["---", "--:", "--:", "--:", "--:", "--:", "--:"]);
}

/** After all that: are the books right, and how large is a charge? */
async function describeBooks(): Promise<void> {
  const { rows } = await db().execute<{ charges: bigint; entry: number; command: number }>(sql`
    select count(*) as charges,
      pg_total_relation_size('entries')::float8 / count(*) as entry,
      pg_total_relation_size('commands')::float8 / count(*) as command
    from entries`);
  const [size] = rows;
  say(
    `${size?.charges} charges: ${Math.round(size?.entry ?? 0)} bytes of entry and ` +
      `${Math.round(size?.command ?? 0)} bytes of command each, with their indexes.`,
  );
  const findings = await reconcile(db());
  if (findings.length > 0) throw new Error(`reconcile found ${JSON.stringify(findings.slice(0, 5), String)}`);
  say("reconcile found nothing.");
}

function cell({ perSecond, p50, p99 }: Figures): string {
  return `${Math.round(perSecond).toLocaleString("en")} (${p50.toFixed(1)} / ${p99.toFixed(1)})`;
}

/** A row of a Markdown table, on stdout: `npm run bench -- ledger > table.md`. */
function print(cells: readonly string[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}
