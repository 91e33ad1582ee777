import type { Tasks } from "#platform/queue";
import { rollUp } from "./rollup";
import { rollups } from "./rollups";

/** Every five minutes, so that today is nearly live; after a night without a worker, all that was missed. */
export const tasks: Tasks = {
  system: { "analytics.roll-up": () => rollUp(rollups) },
  cron: [{ task: "analytics.roll-up", match: "*/5 * * * *", options: { backfillPeriod: 0 } }],
};
