import { Pool } from "pg";

/**
 * What a starter kit does for a charge: a balance column, and a transaction of five round trips from the
 * client. No lots, no keys, no holds: less work than ours, in the usual way.
 */
export type Starters = { charge: (account: number) => Promise<void>; close: () => Promise<void> };

export async function prepareStarters(url: string, accounts: number): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 1 });
  await pool.query(`
    create table starter_accounts (id int primary key, balance bigint not null);
    create table starter_entries (
      id bigint generated always as identity primary key, account_id int not null, amount bigint not null,
      reason text not null, created_at timestamptz not null default now()
    );
    create index on starter_entries (account_id, created_at)`);
  await pool.query("insert into starter_accounts select id, 1000000000 from generate_series(0, $1 - 1) id", [
    accounts,
  ]);
  await pool.query("vacuum analyze starter_accounts");
  await pool.end();
}

export function openStarters(url: string, connections: number): Starters {
  const pool = new Pool({ connectionString: url, max: connections });
  return {
    charge: async (account) => {
      const client = await pool.connect();
      try {
        await client.query("begin");
        await client.query("select balance from starter_accounts where id = $1 for update", [account]);
        await client.query("update starter_accounts set balance = balance - 1 where id = $1", [account]);
        await client.query("insert into starter_entries (account_id, amount, reason) values ($1, -1, $2)", [
          account,
          "tool:ocr",
        ]);
        await client.query("commit");
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}
