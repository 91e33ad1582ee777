import { readdirSync, readFileSync } from "node:fs";
import { sql } from "drizzle-orm";
import { db } from "#platform/db";
import { measure, type Plan } from "./measure";
import { type Books, ours, oursHolding, type Target } from "./systems";

/** What one charge costs, and where: the processor's time in Node and in PostgreSQL, the log, the commits. */

export type Cost = {
  what: string;
  callers: number;
  perSecond: number;
  /** Processor time for each, in µs. PostgreSQL's is null where /proc does not tell. */
  nodeMicros: number;
  postgresMicros: number | null;
  walBytes: number;
  /** How many share a commit. */
  perCommit: number;
  /** Share of row updates that touched no index (HOT). */
  hotShare: number;
};

const callers = [1, 64, 512];

export async function measureCosts(books: Books, plan: Plan): Promise<Cost[]> {
  const costs: Cost[] = [];
  for (const target of ["spread", "hot"] as const satisfies readonly Target[]) {
    for (const count of callers) {
      costs.push(await costOf(`charge, ${target}`, ours(books, target).open(0).ask, count, plan));
    }
    costs.push(
      await costOf(`hold and capture, ${target}`, oursHolding(books, target).open(0).ask, 512, plan),
    );
  }
  return costs;
}

async function costOf(what: string, ask: () => Promise<unknown>, count: number, plan: Plan): Promise<Cost> {
  let asked = 0;
  const counting = () => {
    asked += 1;
    return ask();
  };
  const before = await counters();
  const { perSecond } = await measure(counting, { callers: count, seconds: plan.seconds });
  const after = await counters();
  const spent = (name: keyof typeof before) => (after[name] ?? 0) - (before[name] ?? 0);
  return {
    what,
    callers: count,
    perSecond,
    nodeMicros: spent("node") / asked,
    postgresMicros: after.postgres === null ? null : spent("postgres") / asked,
    walBytes: spent("wal") / asked,
    perCommit: asked / Math.max(1, spent("commits")),
    hotShare: spent("hot") / Math.max(1, spent("updates")),
  };
}

type Counters = Record<"node" | "wal" | "commits" | "updates" | "hot", number> & { postgres: number | null };

async function counters(): Promise<Counters> {
  // Backends hand in their counts at most once a second, and at the end of a transaction.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const { rows } = await db().execute<Omit<Counters, "node" | "postgres"> & { pid: number }>(sql`
    select (select wal_bytes from pg_stat_wal)::float8 as wal,
      (select xact_commit from pg_stat_database where datname = current_database())::float8 as commits,
      sum(n_tup_upd)::float8 as updates, sum(n_tup_hot_upd)::float8 as hot
    from pg_stat_user_tables where relname in ('accounts', 'grants', 'holds')`);
  const { user, system } = process.cpuUsage();
  const row = rows[0] ?? { wal: 0, commits: 0, updates: 0, hot: 0 };
  const { wal, commits, updates, hot } = row;
  return { node: user + system, wal, commits, updates, hot, postgres: await postgresMicros() };
}

/** The processor's time of the server and all its processes, in µs; null where there is no /proc. */
async function postgresMicros(): Promise<number | null> {
  const { rows } = await db().execute<{ folder: string }>(
    sql`select current_setting('data_directory') as folder`,
  );
  try {
    const [first] = readFileSync(`${rows[0]?.folder}/postmaster.pid`, "utf8").split("\n");
    let ticks = 0;
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      const stat = statOf(pid);
      if (!stat) continue;
      if (pid === first) ticks += stat.ownTicks + stat.endedTicks;
      else if (stat.parent === first) ticks += stat.ownTicks;
    }
    return ticks * 10_000;
  } catch {
    return null;
  }
}

/** Linux counts processor time in hundredths of a second. */
function statOf(pid: string): { parent: string | undefined; ownTicks: number; endedTicks: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const number = (index: number) => Number(fields[index]);
    return { parent: fields[1], ownTicks: number(11) + number(12), endedTicks: number(13) + number(14) };
  } catch {
    // It ended while we looked.
    return null;
  }
}
