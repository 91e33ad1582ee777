import type { Tasks } from "#platform/queue";
import { forgetEvents } from "./collection";
import { forward } from "./forward";
import { limitTasks } from "./limits";
import { probe } from "./probe";
import { reconciliationTasks } from "./reconciliation";

/** The jobs of insight. */
export const tasks: Tasks = {
  system: {
    ...reconciliationTasks.system,
    ...limitTasks.system,
    "insight.forward": forward,
    "insight.forget-events": forgetEvents,
    "insight.probe": probe,
  },
  cron: [
    ...(reconciliationTasks.cron ?? []),
    ...limitTasks.cron,
    { task: "insight.forget-events", match: "41 2 * * *" },
    { task: "insight.probe", match: "* * * * *" },
  ],
};
