import "#server-only";
import { Client, type Pool } from "pg";
import { lossNoticed } from "./db";
import { log } from "./log";

/**
 * graphile-worker frees the jobs of a dead worker only after four hours. So each worker process holds a
 * session advisory lock on the id of every runner in it, on one connection of its own; PostgreSQL drops
 * the locks with the connection, and whoever is alive frees the jobs of ids whose lock nobody holds.
 */
const lockClass = 7_400_402;

/** A dead machine says no goodbye: the server asks after 10 s of silence, thrice. */
const keepAlive = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

export type WorkerLocks = {
  /** Locks one more id; at once, or as soon as the database is back. */
  hold: (workerId: string) => void;
  /** Whether the connection stands; with it others may have lost theirs, for a moment. */
  isStanding: () => boolean;
  /** Drops all locks and the connection. */
  release: () => Promise<void>;
};

/** Opens the connection that holds this process's worker locks, and opens it again when it is lost. */
export async function openWorkerLocks(url: string): Promise<WorkerLocks> {
  const ids = new Set<string>();
  let released = false;
  let standing = true;
  let client = await connect();
  let queue = Promise.resolve();

  async function connect(): Promise<Client> {
    const next = new Client({ ...lossNoticed, connectionString: url, options: keepAlive });
    await next.connect();
    next.on("error", () => undefined);
    next.on("end", () => void reconnect());
    standing = true;
    return next;
  }

  async function reconnect(): Promise<void> {
    standing = false;
    while (!released) {
      try {
        client = await connect();
        for (const id of ids) lock(id);
        return;
      } catch (error) {
        log().warn({ err: error }, "the worker's lock connection is lost; trying again");
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }

  function lock(id: string): void {
    const on = client;
    queue = queue
      .then(() => on.query("select pg_advisory_lock_shared($1, hashtext($2))", [lockClass, id]))
      .then(
        () => undefined,
        (error: unknown) => log().warn({ err: error }, "a worker's lock waits for its connection"),
      );
  }

  return {
    hold: (id) => {
      ids.add(id);
      lock(id);
    },
    isStanding: () => standing,
    release: async () => {
      released = true;
      await queue;
      await client.end();
    },
  };
}

/**
 * Looks for workers that are gone and frees their jobs: gone is whose lock two looks in a row have missed, so
 * the caller leaves some seconds between them. A worker may take its first job a moment before its lock stands,
 * and a lost connection needs a moment to come back. Whoever has lost his own judges nobody.
 * @returns one look: the ids of the workers whose jobs it freed.
 */
export function lookForDeadWorkers(pool: Pool, locks: WorkerLocks): () => Promise<string[]> {
  let missed = new Set<string>();
  return async () => {
    const missing = locks.isStanding() ? await findWithoutLock(pool) : [];
    const gone = missing.filter((id) => missed.has(id));
    missed = new Set(missing);
    if (gone.length === 0) return gone;
    await pool.query("select graphile_worker.force_unlock_workers($1::text[])", [gone]);
    log().warn({ workers: gone }, "freed the jobs of workers that are gone");
    return gone;
  };
}

/** The workers that have jobs and no lock. */
async function findWithoutLock(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ locked_by: string }>(
    `select distinct locked_by from graphile_worker.jobs
     where locked_by is not null
       and not exists (
         select 1 from pg_locks
         where locktype = 'advisory' and objsubid = 2 and granted
           and database = (select oid from pg_database where datname = current_database())
           and classid = $1::bigint::oid
           and objid = (hashtext(locked_by)::bigint & 4294967295)::oid
       )`,
    [lockClass],
  );
  return rows.map((row) => row.locked_by);
}

/** How many worker processes hold their locks at this moment. */
export async function countWorkers(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ workers: number }>(
    `select count(distinct pid)::int as workers from pg_locks
     where locktype = 'advisory' and objsubid = 2 and granted and classid = $1::bigint::oid
       and database = (select oid from pg_database where datname = current_database())`,
    [lockClass],
  );
  return rows[0]?.workers ?? 0;
}
