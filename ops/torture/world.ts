import { sql } from "drizzle-orm";
import { createKey, type Session } from "#identity";
import { type AccountId, grant } from "#ledger";
import { terminal } from "#platform/audit";
import type { Db } from "#platform/db";
import { newId } from "#platform/id";
import { users } from "#schema";

/** Whom the storm is about: customers with credits, and the keys that act for them. */
export type World = { few: AccountId[]; many: AccountId[]; secrets: string[] };

const fewAccounts = 5;

/** Accounts, and three service keys, one of them with a cap that it will meet. */
export async function makeWorld(db: Db, count: number): Promise<World> {
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
      scopes: ["charges.write", "tools.run"],
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
  // Or the site would, in time, give welcome credits that nobody here has asked for.
  await db.insert(users).values({ ...user, welcomedAt: new Date() });
  const rest = { locale: "en", timeZone: "UTC", image: null, createdAt: new Date() } as const;
  return {
    id: newId("session"),
    user: { ...user, ...rest },
    accountId: newId("account"),
    expiresAt: new Date(),
    viewing: null,
    awaitsCode: false,
  };
}
