import { sql } from "drizzle-orm";
import { expect } from "vitest";
import { db } from "#platform/db";
import { rebuild } from "./rollup";
import { rollups } from "./rollups";

/** Deletes these tables, makes all roll-ups anew, and expects in them what was there. */
export async function expectSameAnew(tables: readonly string[]): Promise<void> {
  const kept = await read(tables);
  for (const table of tables) await db().execute(sql`delete from ${sql.identifier(table)}`);
  await rebuild(rollups);
  expect(await read(tables)).toEqual(kept);
}

async function read(tables: readonly string[]): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const table of tables) {
    const { rows } = await db().execute(
      sql`select to_jsonb(t) as row from ${sql.identifier(table)} t order by to_jsonb(t)::text`,
    );
    all.push(rows);
  }
  return all;
}
