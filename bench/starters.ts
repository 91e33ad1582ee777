import { Pool, type PoolClient } from "pg";

/**
 * What a starter kit does: a balance column, and transactions of round trips from the client. No lots, no
 * keys, no journal of totals: less work than ours, in the usual way.
 */
export type Starters = {
  charge: (account: number) => Promise<void>;
  /** Reserves a credit, then takes it: two transactions. */
  holdAndCapture: (account: number) => Promise<void>;
  close: () => Promise<void>;
};

export async function prepareStarters(url: string, accounts: number): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 1 });
  await pool.query(`
    create table starter_accounts (id int primary key, balance bigint not null);
    create table starter_entries (
      id bigint generated always as identity primary key, account_id int not null, amount bigint not null,
      reason text not null, created_at timestamptz not null default now()
    );
    create index on starter_entries (account_id, created_at);
    create table starter_holds (
      id bigint generated always as identity primary key, account_id int not null, amount bigint not null,
      status text not null, created_at timestamptz not null default now()
    )`);
  await pool.query("insert into starter_accounts select id, 1000000000 from generate_series(0, $1 - 1) id", [
    accounts,
  ]);
  await pool.query("vacuum analyze starter_accounts");
  await pool.end();
}

export function openStarters(url: string, connections: number): Starters {
  const pool = new Pool({ connectionString: url, max: connections });
  return {
    charge: (account) =>
      inTransaction(pool, async (client) => {
        await takeOne(client, account);
        await addEntry(client, account);
      }),
    holdAndCapture: async (account) => {
      const hold = await inTransaction(pool, async (client) => {
        await takeOne(client, account);
        const { rows } = await client.query<{ id: bigint }>(
          "insert into starter_holds (account_id, amount, status) values ($1, 1, 'open') returning id",
          [account],
        );
        return rows[0]?.id;
      });
      await inTransaction(pool, async (client) => {
        await client.query("select amount, status from starter_holds where id = $1 for update", [hold]);
        await client.query("update starter_holds set status = 'captured' where id = $1", [hold]);
        await addEntry(client, account);
      });
    },
    close: () => pool.end(),
  };
}

async function takeOne(client: PoolClient, account: number): Promise<void> {
  await client.query("select balance from starter_accounts where id = $1 for update", [account]);
  await client.query("update starter_accounts set balance = balance - 1 where id = $1", [account]);
}

async function addEntry(client: PoolClient, account: number): Promise<void> {
  await client.query("insert into starter_entries (account_id, amount, reason) values ($1, -1, $2)", [
    account,
    "tool:ocr",
  ]);
}

async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    return result;
  } finally {
    client.release();
  }
}
