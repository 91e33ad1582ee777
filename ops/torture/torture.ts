import { readdirSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { expireLots, expireOverdueHolds, stopLedger } from "#ledger";
import { connectDatabase, type Db, disconnectDatabase } from "#platform/db";
import { migrateDatabase } from "#platform/migrate";
import { reapRuns } from "#tools";
import { Chance, pause } from "./chance";
import { recordsOf, startClient } from "./crowd";
import { openHouse } from "./house";
import { RecordFile, readRecords } from "./record";
import { openDatabase, type Site, type SiteProcess, startProcesses } from "./site";
import { type Damage, raise } from "./storm";
import { endedRunsWithOpenHolds, judge, load, type Verdict } from "./verdict";
import { makeWorld, type World } from "./world";

/**
 * Client processes ask API processes over HTTP for random commands, while these and PostgreSQL are killed
 * and connections cut. Afterwards what clients were told is held against what stands.
 */
export type Torture = {
  /** Of its own, empty, on a disk: PostgreSQL, records and logs go there. */
  folder: string;
  /** How many commands clients ask for at least. */
  operations: number;
  clients: number;
  /** How many commands each client has on their way. */
  lanes: number;
  apis: number;
  workers: number;
  /** Half of all commands go to five accounts, the others are spread over so many. */
  accounts: number;
  /** How long the site works between two blows on average, in ms. */
  calmMs: number;
  seed: number;
  progress: (line: string) => void;
};

export type Report = {
  operations: number;
  seconds: number;
  seed: number;
  damage: Damage;
  /** How many commands met which fate. */
  fates: { [fate: string]: number };
  contradictions: Verdict[];
};

export async function torture(orders: Torture): Promise<Report> {
  const { folder, seed, progress } = orders;
  const database = await openDatabase(folder);
  const started: SiteProcess[] = [];
  const stop = () => Promise.all(started.map((one) => one.stop()));
  try {
    await migrateDatabase(database.databaseUrl());
    const db = connectDatabase(database.wire.url);
    const world = await makeWorld(db, orders.accounts);
    const given = { folder, databaseUrl: database.wire.url };
    const apis = await startProcesses(orders.apis, { ...given, role: "api" });
    started.push(...apis);
    const workers = await startProcesses(orders.workers, { ...given, role: "worker" });
    started.push(...workers);
    await Promise.all(started.map((one) => one.ready()));
    progress(
      `${apis.length} API processes and ${workers.length} workers serve; ${orders.clients} clients begin.`,
    );
    const storming = await storm({ ...database, apis, workers }, world, orders);
    await stop();
    await stopLedger();
    const { fates, contradictions } = await settle(database, orders);
    const faults = started.reduce((sum, one) => sum + one.faults, 0);
    if (faults > 0)
      contradictions.push({ what: "processes ended by themselves", count: faults, examples: [] });
    return { ...storming, seed, fates, contradictions };
  } finally {
    await stop();
    await stopLedger();
    await disconnectDatabase();
    await database.stop();
  }
}

/** Lets clients and storm loose until enough was asked and every kind of blow has fallen, or until Ctrl-C. */
async function storm(
  site: Site,
  world: World,
  orders: Torture,
): Promise<Pick<Report, "operations" | "seconds" | "damage">> {
  const started = performance.now();
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
  };
  process.once("SIGINT", interrupt);
  const records = new RecordFile(recordsOf(orders.folder, "house"));
  const house = openHouse(world, records, new Chance(orders.seed));
  const clients = Array.from({ length: orders.clients }, (_, index) =>
    startClient(index, site, world, orders),
  );
  const blows = raise(site, new Chance(orders.seed + 1), orders.calmMs);
  const asked = () => clients.reduce((sum, client) => sum + client.asked, 0);
  try {
    for (let reported = 0; !interrupted && !(asked() >= orders.operations && blows.all()); await pause(100)) {
      if (clients.some(({ ended }) => ended())) throw new Error("A client ended by itself.");
      if (asked() - reported < orders.operations / 10) continue;
      reported = asked();
      const damage = Object.entries(blows.damage).map(([what, count]) => `${count} ${what}`);
      orders.progress(`${reported} operations; ${damage.join(", ")}`);
    }
  } finally {
    process.off("SIGINT", interrupt);
    await blows.stop();
    await Promise.all([...clients.map(({ stop }) => stop()), house.stop()]);
    records.close();
  }
  return { operations: asked(), seconds: (performance.now() - started) / 1000, damage: blows.damage };
}

/** After the storm: time passes until every hold's run is over, the jobs do their work, and the books are compared. */
async function settle(
  site: Pick<Site, "databaseUrl">,
  { folder, progress }: Torture,
): Promise<Pick<Report, "fates" | "contradictions">> {
  await disconnectDatabase();
  // Past the wire: nothing is cut any more.
  const db = connectDatabase(site.databaseUrl());
  const contradictions = await endedRunsWithOpenHolds(db);
  await endRuns(db);
  await db.execute(sql`update money_clock set shift = interval '1 day'`);
  await repeat(async () => (await expireOverdueHolds()).settled);
  await repeat(async () => (await expireLots()).settled);
  const fates: { [fate: string]: number } = {};
  const complaints: string[] = [];
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".records"))) {
    const read = readRecords(join(folder, name));
    await load(db, read.records);
    complaints.push(...read.complaints);
    for (const { fate, code, requests } of read.records) {
      const how =
        fate === "applied" ? (requests > 1 ? ", asked more than once" : ", asked once") : ` (${code})`;
      fates[`${fate}${how}`] = (fates[`${fate}${how}`] ?? 0) + 1;
    }
  }
  progress("The storm is over; what was told is compared with what stands.");
  contradictions.push(...(await judge(db)));
  if (complaints.length > 0) {
    contradictions.push({
      what: "answers that cannot be right",
      count: complaints.length,
      examples: complaints.slice(0, 5),
    });
  }
  return { fates, contradictions };
}

/** A day passes without a worker: the reapers end what still waits or was under way. */
async function endRuns(db: Db): Promise<void> {
  await db.execute(sql`
    update runs set created_at = created_at - interval '1 day', heartbeat_at = heartbeat_at - interval '1 day'
    where status in ('queued', 'running')`);
  await repeat(async () => {
    const { lost, expired } = await reapRuns();
    return lost + expired;
  });
}

/** Until there is nothing left to do: a ledger that only says it did something never comes to that. */
async function repeat(pass: () => Promise<number>): Promise<void> {
  for (let passes = 0; passes < 1_000 && (await pass()) > 0; passes += 1);
}
