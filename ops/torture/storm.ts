import { Client } from "pg";
import { type Chance, pause } from "./chance";
import type { Site, SiteProcess } from "./site";

/** What is done to the site while it works, over and over, one blow after the other. */
const blows = [
  "connections cut",
  "API processes killed",
  "workers killed",
  "PostgreSQL killed",
  "backends killed",
  "backends ended",
] as const;
type Blow = (typeof blows)[number];
export type Damage = { [blow in Blow]: number };

export type Storm = {
  damage: Damage;
  /** Whether every kind of blow has fallen at least once. @throws when none can fall any more */
  all: () => boolean;
  stop: () => Promise<void>;
};

/** @param calmMs how long it waits between two blows on average */
export function raise(site: Site, chance: Chance, calmMs: number): Storm {
  const damage: Damage = {
    "connections cut": 0,
    "API processes killed": 0,
    "workers killed": 0,
    "PostgreSQL killed": 0,
    "backends killed": 0,
    "backends ended": 0,
  };
  const stopped = new AbortController();
  const { signal } = stopped;
  let failure: unknown = null;

  async function rage(): Promise<void> {
    for (let round = 0; !signal.aborted; round += 1) {
      // A site that is down cannot be hurt.
      await Promise.race(site.apis.map((api) => api.ready(signal)));
      await pause(chance.between(calmMs * 0.2, calmMs * 1.8));
      // In a short run, too, each falls.
      const blow =
        blows.find((kind) => round >= blows.indexOf(kind) && damage[kind] === 0) ?? chance.pick(blows);
      damage[blow] += await strike(blow);
    }
  }

  /** @returns how many were hit. */
  async function strike(blow: Blow): Promise<number> {
    switch (blow) {
      case "connections cut":
        return site.wire.cut(
          (count) => chance.between(1, Math.ceil(count / 3)),
          (all) => chance.pick(all),
        );
      case "API processes killed":
        return kill(chance.pick(site.apis), damage[blow] === 0);
      case "workers killed":
        return kill(chance.pick(site.workers), damage[blow] === 0);
      case "PostgreSQL killed":
        await site.crashDatabase();
        return 1;
      default:
        return strikeBackends(site, blow === "backends killed", chance.between(1, 5));
    }
  }

  /** @param surely in a short run the first blow must hit */
  async function kill(victim: SiteProcess, surely: boolean): Promise<number> {
    if (signal.aborted) return 0;
    if (surely) await victim.ready(signal);
    return victim.kill() ? 1 : 0;
  }

  const raging = rage().catch((error: unknown) => {
    failure = error;
  });
  return {
    damage,
    all: () => {
      if (failure) throw failure;
      return Object.values(damage).every((count) => count > 0);
    },
    stop: async () => {
      stopped.abort();
      await raging;
    },
  };
}

/**
 * Ends some of PostgreSQL's processes in the middle of what they do. Killed with -9, one takes all others
 * with it: PostgreSQL cannot trust its shared memory any more, and recovers.
 */
async function strikeBackends(site: Site, kill: boolean, most: number): Promise<number> {
  const client = new Client({ connectionString: site.databaseUrl() });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity
       where backend_type = 'client backend' and state <> 'idle' and pid <> pg_backend_pid() limit ${kill ? 1 : most}`,
    );
    for (const { pid } of rows) {
      if (kill) process.kill(pid, "SIGKILL");
      else await client.query("select pg_terminate_backend($1)", [pid]);
    }
    return rows.length;
  } catch {
    // It is down already, or the process was gone: nothing was hit.
    return 0;
  } finally {
    await client.end().catch(() => undefined);
  }
}
