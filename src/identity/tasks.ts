import { mailCron, mailTasks } from "#platform/mail";
import type { Tasks } from "#platform/queue";
import { letterTasks } from "./letter-jobs";
import { sweepUnwelcomed, welcome } from "./welcome";

/** Identity's jobs, and the outbox's, which it fills. */
export const tasks: Tasks = {
  system: {
    ...mailTasks,
    ...letterTasks,
    "identity.welcome": welcome,
    "identity.welcome-sweep": sweepUnwelcomed,
  },
  cron: [
    ...mailCron,
    { task: "identity.welcome-sweep", match: "*/5 * * * *", options: { backfillPeriod: 0 } },
  ],
};
