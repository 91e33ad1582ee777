import { stopLedger } from "#ledger";
import { connectDatabase, disconnectDatabase } from "#platform/db";
import { measure } from "./measure";
import type { Order, Setup } from "./processes";
import { ours } from "./systems";

/** A process with a batcher of its own, told over its channel how many callers charge for how long. */

let setup: Setup | undefined;

process.on("message", async (message: Setup | Order) => {
  if ("url" in message) {
    setup = message;
    connectDatabase(message.url, { maxConnections: 2 });
    process.send?.("ready");
    return;
  }
  if (!setup) throw new Error("An order came before the setup.");
  const { ask } = ours(setup, message.target).open(0);
  process.send?.(await measure(ask, message));
});

process.on("SIGTERM", async () => {
  await stopLedger();
  await disconnectDatabase();
  process.disconnect();
});
