import { sql } from "drizzle-orm";
import { prove } from "#ledger";
import { say } from "#platform/terminal";
import { fillBooks, withFreshDatabase } from "./books";

/** How long the proof takes on so many accounts: `npm run bench -- reconcile [ACCOUNTS]`. */
export async function run(args: readonly string[]): Promise<void> {
  const accounts = Number(
    args.find((arg) => /^\d+$/.test(arg)) ?? (args.includes("--quick") ? 10_000 : 1_000_000),
  );
  await withFreshDatabase(async (db) => {
    await fillBooks(db, accounts);
    const { rows } = await db.execute<{ size: string }>(
      sql`select pg_size_pretty(pg_database_size(current_database())) as size`,
    );
    for (const round of [1, 2, 3]) {
      const started = performance.now();
      const proof = await prove(db);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const what = `${proof.accounts} accounts, ${proof.entries} entries, ${rows[0]?.size}`;
      say(`round ${round}: ${what}: ${proof.count} findings in ${seconds} s`);
      for (const finding of proof.findings.slice(0, 3)) {
        say(JSON.stringify(finding, (_name, value) => (typeof value === "bigint" ? `${value}` : value)));
      }
    }
  });
}
