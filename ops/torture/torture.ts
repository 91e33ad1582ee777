import { type ChildProcess, fork } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { createKey, type Session } from "#identity";
import { type AccountId, expireLots, expireOverdueHolds, grant, stopLedger } from "#ledger";
import { terminal } from "#platform/audit";
import { connectDatabase, type Db, disconnectDatabase } from "#platform/db";
import { newId } from "#platform/id";
import { migrateDatabase } from "#platform/migrate";
import { users } from "#schema";
import { Chance, pause } from "./chance";
import { openHouse } from "./house";
import { RecordFile, readRecords } from "./record";
import { ApiProcess, freePort, openDatabase, type Site } from "./site";
import { type Damage, raise } from "./storm";
import { judge, load, type Verdict } from "./verdict";

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
  /** Half of all commands go to five accounts, the others are spread over so many. */
  accounts: number;
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

const fewAccounts = 5;

export async function torture(orders: Torture): Promise<Report> {
  const { folder, seed, progress } = orders;
  const database = await openDatabase(folder);
  try {
    await migrateDatabase(database.databaseUrl());
    const db = connectDatabase(database.wire.url);
    const world = await makeWorld(db, orders.accounts);
    const apis = await Promise.all(
      Array.from(
        { length: orders.apis },
        async (_, index) =>
          new ApiProcess({
            folder,
            name: `api-${index}`,
            port: await freePort(),
            databaseUrl: database.wire.url,
          }),
      ),
    );
    try {
      await Promise.all(apis.map((api) => api.ready()));
      progress(`${apis.length} API processes serve; ${orders.clients} clients begin.`);
      const storming = await storm({ ...database, apis }, world, orders);
      await Promise.all(apis.map((api) => api.stop()));
      await stopLedger();
      const { fates, contradictions } = await settle(database, orders);
      const faults = apis.reduce((sum, api) => sum + api.faults, 0);
      if (faults > 0)
        contradictions.push({ what: "API processes ended by themselves", count: faults, examples: [] });
      return { ...storming, seed, fates, contradictions };
    } finally {
      await Promise.all(apis.map((api) => api.stop()));
    }
  } finally {
    await stopLedger();
    await disconnectDatabase();
    await database.stop();
  }
}

type World = { few: AccountId[]; many: AccountId[]; secrets: string[] };

/** Accounts, and three service keys, one of them with a cap that it will meet. */
async function makeWorld(db: Db, count: number): Promise<World> {
  const all = Array.from({ length: count + fewAccounts }, () => newId("account"));
  await db.execute(sql`
    insert into accounts (id, owner_type, owner_id)
    select id, 'user', 'usr_' || id from unnest(${sql.param(all)}::text[]) as new (id)`);
  const welcome = {
    key: "before",
    credits: 100n,
    source: "signup",
    expiresAt: null,
    cause: "torture",
  } as const;
  await Promise.all(all.map((accountId) => grant({ accountId, ...welcome })));
  const owner = await anOwner(db);
  const secrets: string[] = [];
  for (const cap of [null, null, 20_000n]) {
    const wanted = {
      kind: "service",
      name: "torture",
      scopes: ["charges.write"],
      cap,
      expiresAt: null,
    } as const;
    secrets.push((await createKey(owner, wanted, { by: terminal })).secret);
  }
  return { few: all.slice(0, fewAccounts), many: all.slice(fewAccounts), secrets };
}

async function anOwner(db: Db): Promise<Session> {
  const id = newId("user");
  const user = {
    id,
    name: "Torture",
    email: "torture@example.com",
    emailVerified: true,
    role: "owner",
  } as const;
  await db.insert(users).values(user);
  const rest = { locale: "en", timeZone: "UTC", image: null, createdAt: new Date() } as const;
  return {
    id: newId("session"),
    user: { ...user, ...rest },
    accountId: newId("account"),
    expiresAt: new Date(),
  };
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
  const blows = raise(site, new Chance(orders.seed + 1));
  const asked = () => clients.reduce((sum, client) => sum + client.asked, 0);
  try {
    for (let reported = 0; !interrupted && !(asked() >= orders.operations && blows.all()); await pause(100)) {
      if (clients.some(({ child }) => child.exitCode !== null)) throw new Error("A client ended by itself.");
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

type Client = { child: ChildProcess; asked: number; stop: () => Promise<void> };

function startClient(index: number, { apis }: Site, world: World, { folder, lanes, seed }: Torture): Client {
  const told = {
    ...{ name: `c${index}`, lanes, seed: seed + index, file: recordsOf(folder, `client-${index}`) },
    ...{ ...world, urls: apis.map(({ url }) => url) },
  };
  const child = fork(join(import.meta.dirname, "client.ts"), [JSON.stringify(told)], {
    execArgv: ["--import", "tsx"],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const client: Client = {
    child,
    asked: 0,
    stop: async () => {
      if (child.connected) child.send("stop");
      await ended;
    },
  };
  child.on("message", (count) => {
    client.asked += Number(count);
  });
  return client;
}

function recordsOf(folder: string, name: string): string {
  return join(folder, `${name}.records`);
}

/** After the storm: time passes until every hold's run is over, the jobs do their work, and the books are compared. */
async function settle(
  site: Pick<Site, "databaseUrl">,
  { folder, progress }: Torture,
): Promise<Pick<Report, "fates" | "contradictions">> {
  await disconnectDatabase();
  // Past the wire: nothing is cut any more.
  const db = connectDatabase(site.databaseUrl());
  await db.execute(sql`update money_clock set shift = interval '1 day'`);
  while ((await expireOverdueHolds()).settled > 0);
  while ((await expireLots()).settled > 0);
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
  const contradictions = await judge(db);
  if (complaints.length > 0) {
    contradictions.push({
      what: "answers that cannot be right",
      count: complaints.length,
      examples: complaints.slice(0, 5),
    });
  }
  return { fates, contradictions };
}
