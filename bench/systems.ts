import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { Pool } from "pg";
import { type AccountId, applyCommands, type Command, capture, charge, grant, hold } from "#ledger";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { Refusal } from "#platform/refusal";
import * as schema from "#schema";
import type { Candidate } from "./measure";
import { openStarters, type Starters } from "./starters";

/**
 * What is compared: `ours` (batched), `per-request` (our own rules, a transaction for each command), and
 * `starters`, on as many accounts of the same database.
 */

export const accountCount = 10_000;

export const targets = ["spread", "hot"] as const;
/** Charges fall on any of 10,000 accounts, or all on one. */
export type Target = (typeof targets)[number];

/**
 * Where they all are, and the pool sizes from which a baseline's best is chosen. `theirs` are as many accounts
 * of the same kind for `per-request`: nobody else charges what this process's batcher remembers.
 */
export type Books = {
  url: string;
  accounts: readonly AccountId[];
  theirs: readonly AccountId[];
  poolSizes: readonly number[];
};

/** Accounts with more credits than any run spends. */
export async function openAccounts(): Promise<AccountId[]> {
  const accounts = Array.from({ length: accountCount }, () => newId("account"));
  await db().execute(sql`
    insert into accounts (id, owner_type, owner_id)
    select id, 'user', 'usr_' || id from unnest(${sql.param(accounts)}::text[]) as new (id)`);
  const lot = { key: "bench", credits: 1_000_000_000n, source: "pack", expiresAt: null } as const;
  await Promise.all(accounts.map((accountId) => grant({ accountId, ...lot, cause: "bench" })));
  return accounts;
}

/** A lone caller needs one connection. */
function sizesFor({ poolSizes }: Books, callers: number): readonly number[] {
  return callers === 1 ? [1] : poolSizes;
}

export function starters(
  books: Books,
  {
    target,
    callers,
    verb = "charge",
  }: { target: Target; callers: number; verb?: keyof Omit<Starters, "close"> },
): Candidate {
  const next = target === "hot" ? () => 0 : () => Math.floor(Math.random() * accountCount);
  return {
    system: "starters",
    sizes: sizesFor(books, callers),
    open: (size) => {
      const opened = openStarters(books.url, size);
      return { ask: () => opened[verb](next()), close: opened.close };
    },
  };
}

export function perRequest(
  books: Books,
  { target, callers }: { target: Target; callers: number },
): Candidate {
  return {
    system: "per-request",
    sizes: sizesFor(books, callers),
    open: (size) => {
      const client = new Pool({ connectionString: books.url, max: size });
      const pool = drizzle({ client, schema });
      const command = (): Command => ({ verb: "charge", ...oneCredit(anAccount(books.theirs, target)) });
      return {
        ask: () => untilDone(() => pool.transaction((tx) => applyCommands(tx, [command()]))),
        close: () => client.end(),
      };
    },
  };
}

/** Who stood in line for a lock too long asks again, as a caller would. */
async function untilDone<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Refusal && error.code === "busy")) throw error;
    }
  }
}

export function ours({ accounts }: Pick<Books, "accounts">, target: Target): Candidate {
  return batched("ours", () => charge(oneCredit(anAccount(accounts, target))));
}

/** Every tenth is sent a second time some time later, as by a client that had no answer. */
export function oursRepeating({ accounts }: Books, target: Target): Candidate {
  const sent: ReturnType<typeof oneCredit>[] = [];
  return batched("ours, 10 % repeated", () => {
    const again = Math.random() < 0.1 ? sent[Math.floor(Math.random() * sent.length)] : undefined;
    if (again) return charge(again);
    const order = oneCredit(anAccount(accounts, target));
    if (sent.length < 5_000) sent.push(order);
    else sent[Math.floor(Math.random() * sent.length)] = order;
    return charge(order);
  });
}

export function oursHolding({ accounts }: Books, target: Target): Candidate {
  return batched("ours", async () => {
    const order = oneCredit(anAccount(accounts, target));
    const { accountId, holdId } = await hold({ ...order, lifetimeSeconds: 600 });
    if (!holdId) throw new Error("A hold without an id.");
    await capture({ accountId, key: `${order.key}:capture`, holdId, credits: 1n });
  });
}

/** The batcher has connections of its own, and no pool size to choose. */
function batched(system: string, ask: () => Promise<unknown>): Candidate {
  return { system, sizes: [0], open: () => ({ ask, close: async () => undefined }) };
}

function anAccount(accounts: readonly AccountId[], target: Target): AccountId {
  return accounts[target === "hot" ? 0 : Math.floor(Math.random() * accounts.length)] ?? "acct_none";
}

function oneCredit(accountId: AccountId) {
  return { accountId, key: newId("request"), credits: 1n, cause: "tool:ocr" };
}
