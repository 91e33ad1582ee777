import { startEmbeddedPostgres } from "#platform/embedded-postgres";

/**
 * Outlives whoever tortures, and ends the database that he leaves behind when he is killed with -9: it runs by
 * itself and would go on. API processes, workers and clients see by themselves that he is gone.
 */
const [folder = ""] = process.argv.slice(2);

process.on("message", () => process.exit(0));
process.on("disconnect", async () => {
  await (await startEmbeddedPostgres({ folder, durable: true })).crash();
  process.exit(0);
});
process.send?.("watching");
