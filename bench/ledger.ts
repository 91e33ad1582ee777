import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { reconcile, stopLedger } from "#ledger";
import { setEnvironment } from "#platform/config";
import { connectDatabase, db, disconnectDatabase } from "#platform/db";
import { startEmbeddedPostgres } from "#platform/embedded-postgres";
import { migrateDatabase } from "#platform/migrate";
import { say } from "#platform/terminal";
import { drawCharges } from "./chart";
import { measureCosts } from "./costs";
import { type ChargeResult, judge } from "./goals";
import { measureGrowth } from "./growth";
import { measureHttp } from "./http";
import { compare, type Plan } from "./measure";
import { type Machine, markdown, type Report, type Sizes } from "./report";
import { prepareStarters } from "./starters";
import {
  accountCount,
  type Books,
  openAccounts,
  ours,
  oursHolding,
  oursRepeating,
  perRequest,
  starters,
  targets,
} from "./systems";

/**
 * `npm run bench -- ledger [--quick] [charges] [holds] [http] [growth] [costs]`: the ledger beside two
 * baselines, on an embedded PostgreSQL with default durability. Without parts named: all of them, some ten
 * minutes, and docs/performance.md is written anew.
 */

const parts = ["charges", "holds", "http", "growth", "costs"] as const;
const callerCounts = [1, 64, 512];
const results = "bench/results";

export async function run(args: readonly string[]): Promise<void> {
  const quick = args.includes("--quick");
  const plan = quick ? { seconds: 1, rounds: 1, probe: 0.4 } : { seconds: 1, rounds: 5, probe: 0.5 };
  const poolSizes = quick ? [8, 32] : [8, 16, 32, 64];
  const named = parts.filter((part) => args.includes(part));
  const wanted = new Set(named.length > 0 ? named : parts);
  const folder = mkdtempSync(join(tmpdir(), "toolmint-bench-"));
  // PostgreSQL refuses to run as root and must be able to enter it.
  chmodSync(folder, 0o755);
  setEnvironment("DATA_DIR", folder);
  const server = await startEmbeddedPostgres({ folder, durable: true });
  process.once("SIGINT", () => server.crash().then(() => process.exit(130)));
  try {
    await migrateDatabase(server.url);
    connectDatabase(server.url, { maxConnections: 4 });
    const machine = await describeMachine();
    const [accounts, theirs] = [await openAccounts(), await openAccounts()];
    const books = { url: server.url, accounts, theirs, poolSizes };
    await prepareStarters(server.url, accountCount);
    const charges = wanted.has("charges") ? await measureCharges(books, plan) : [];
    const sizes = await measureSizes();
    if (wanted.has("holds")) charges.push(...(await measureHolds(books, plan)));
    // Before other processes charge the same accounts, for then this one reads them anew for a while.
    const costs = wanted.has("costs") ? await measureCosts(books, plan) : [];
    const growth = wanted.has("growth") ? await measureGrowth(books, plan) : [];
    const http = wanted.has("http") ? await measureHttp(books, plan) : [];
    const goals = judge({ charges, http, growth });
    await requireRightBooks();
    publish({ machine, quick, goals, charges, http, growth, costs, sizes }, !quick && named.length === 0);
  } finally {
    await stopLedger();
    await disconnectDatabase();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureCharges(books: Books, plan: Plan): Promise<ChargeResult[]> {
  const measured: ChargeResult[] = [];
  for (const target of targets) {
    for (const callers of callerCounts) {
      say(`charge, ${target}, ${callers} callers`);
      const load = { target, callers };
      const candidates = [starters(books, load), perRequest(books, load), ours(books, target)];
      if (callers === Math.max(...callerCounts)) candidates.push(oursRepeating(books, target));
      const compared = await compare(candidates, { callers, plan });
      measured.push(...compared.map((one) => ({ what: "charge" as const, ...load, ...one })));
    }
  }
  return measured;
}

async function measureHolds(books: Books, plan: Plan): Promise<ChargeResult[]> {
  const measured: ChargeResult[] = [];
  for (const target of targets) {
    say(`hold and capture, ${target}`);
    const load = { target, callers: 512 };
    const candidates = [starters(books, { ...load, verb: "holdAndCapture" }), oursHolding(books, target)];
    const compared = await compare(candidates, { callers: load.callers, plan });
    measured.push(...compared.map((one) => ({ what: "hold and capture" as const, ...load, ...one })));
  }
  return measured;
}

const told = ["fsync", "synchronous_commit", "shared_buffers", "max_wal_size", "wal_sync_method"];

async function describeMachine(): Promise<Machine> {
  const { rows } = await db().execute<{ name: string; setting: string }>(sql`
    select name, current_setting(name) as setting from pg_settings
    where name in ('server_version', ${sql.join(
      told.map((name) => sql`${name}`),
      sql`, `,
    )})`);
  const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  const { server_version: postgres = "?", ...rest } = settings;
  return {
    at: new Date().toISOString(),
    processor: cpus()[0]?.model ?? "?",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    postgres,
    settings: rest,
  };
}

/** Measured before there are holds, so that nearly all rows are those of charges. */
async function measureSizes(): Promise<Sizes> {
  const { rows } = await db().execute<Sizes>(sql`
    select count(*)::float8 as charges,
      pg_total_relation_size('entries')::float8 / count(*) as "entryBytes",
      pg_total_relation_size('commands')::float8 / (select count(*) from commands) as "commandBytes"
    from entries`);
  return rows[0] ?? { charges: 0, entryBytes: 0, commandBytes: 0 };
}

async function requireRightBooks(): Promise<void> {
  const findings = await reconcile(db());
  if (findings.length > 0) throw new Error(`reconcile found ${JSON.stringify(findings.slice(0, 5), String)}`);
  say("reconcile found nothing.");
}

/** Prints what was measured and keeps it; a whole run also becomes the figures of docs/performance.md. */
function publish(report: Report, asDocs: boolean): void {
  const text = markdown(report);
  const drawn = drawCharges(report.charges);
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, "ledger.json"), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(results, "ledger.svg"), drawn);
  console.log(text);
  if (!asDocs) return;
  writeFileSync("docs/images/ledger-speed.svg", drawn);
  const page = "docs/performance.md";
  const [begin, end] = ["<!-- npm run bench -- ledger -->", "<!-- end -->"];
  const before = readFileSync(page, "utf8");
  const [head, tail] = [before.split(begin)[0], before.split(end)[1]];
  if (head === undefined || tail === undefined) throw new Error(`${page} has no place for the figures.`);
  writeFileSync(page, `${head}${begin}\n\n${text}\n${end}${tail}`);
}
