import { sql } from "drizzle-orm";
import { rebuild, rollups } from "#analytics";
import { reconcileNow } from "#insight";
import { expireLots, stopLedger } from "#ledger";
import { config } from "#platform/config";
import { withDatabase } from "#platform/database-server";
import { db } from "#platform/db";
import { counted, OperatorError, say } from "#platform/terminal";
import { playYear } from "./demo/play";

export const usage = "demo";
export const summary = "fill a fresh site with a believable year, to look around in; not in production";

/** So many sign up within the year; `--people N` for another number. */
const usual = 240;

export async function run(args: readonly string[]): Promise<number> {
  const people = peopleOf(args);
  if (config().production)
    throw new OperatorError("A site in production has customers of its own to look at.");
  return withDatabase(async () => {
    await requireFresh();
    const started = performance.now();
    try {
      await playYear(people, (month) => say(month));
    } finally {
      await db().execute(sql`update money_clock set shift = interval '0'`);
    }
    await expireLots();
    await stopLedger();
    await rebuild(rollups);
    const { count, accounts, entries } = await reconcileNow();
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    say(
      `A year of ${counted(people, "customer")} in ${seconds} s. Reconcile: ${counted(count, "difference")} ` +
        `in ${counted(accounts, "account")} and ${counted(entries, "entry", "entries")}.`,
      "Sign up at the site, then: npm run ops -- owner YOUR_ADDRESS",
    );
    return count === 0 ? 0 : 1;
  });
}

function peopleOf(args: readonly string[]): number {
  if (args.length === 0) return usual;
  const [flag, number] = args;
  const people = Number(number);
  if (flag !== "--people" || !Number.isInteger(people) || people < 1 || people > 5_000) {
    throw new OperatorError("npm run ops -- demo [--people N], N from 1 to 5000");
  }
  return people;
}

/** The demo moves money's clock: nobody's credits may be there, and no site may look on. */
async function requireFresh(): Promise<void> {
  const { rows } = await db().execute<{ taken: boolean; served: boolean; live: boolean }>(sql`
    select exists (select from users where role = 'user') or exists (select from customers)
        or exists (select from runs) as taken,
      exists (select from pg_stat_activity where datname = current_database() and query ilike 'listen %') as served,
      (select live from money_clock) as live`);
  const [row] = rows;
  if (row?.live) throw new OperatorError("This database has served production: the demo is for a fresh one.");
  if (row?.taken) {
    throw new OperatorError(
      "This site has customers. The demo fills a fresh one: set DATA_DIR to another folder, or DATABASE_URL to an empty database.",
    );
  }
  if (row?.served) throw new OperatorError("Stop the site first: the demo moves its clock through the year.");
}
