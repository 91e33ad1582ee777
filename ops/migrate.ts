import { withDatabase } from "#platform/database-server";
import { migrateDatabase } from "#platform/migrate";
import { runCommand } from "./command";

/** `npm run migrate`: brings the database up to date, as every start does. */
await runCommand(async () => {
  const applied = await withDatabase(({ url }) => migrateDatabase(url), { migrate: false });
  console.log(`The database is up to date${applied.length > 0 ? ` (applied ${applied.join(", ")})` : ""}.`);
  return 0;
});
