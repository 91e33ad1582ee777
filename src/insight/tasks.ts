import type { Tasks } from "#platform/queue";
import { forgetEvents } from "./collection";
import { forward } from "./forward";
import { reconciliationTasks } from "./reconciliation";

/** The jobs of insight. */
export const tasks: Tasks = {
  system: {
    ...reconciliationTasks.system,
    "insight.forward": forward,
    "insight.forget-events": forgetEvents,
  },
  cron: [...(reconciliationTasks.cron ?? []), { task: "insight.forget-events", match: "41 2 * * *" }],
};
