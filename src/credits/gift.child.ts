import { runOnce } from "graphile-worker";
import { connectDatabase } from "#platform/db";
import { openJobPool } from "#platform/queue";
import { giveTask } from "./gift-jobs";

/** A worker that gift.test.ts kills in the middle of its job. */
const url = process.argv[2] ?? "";
connectDatabase(url);
await runOnce({ pgPool: openJobPool(url, 2), taskList: { "credits.gift": giveTask } });
