import { mailCron, mailTasks } from "#platform/mail";
import type { Tasks } from "#platform/queue";
import { letterTasks } from "./letter-jobs";
import { forgetNetworks } from "./sign-up";
import { sweepUnwelcomed, welcome } from "./welcome";

/** Identity's jobs, and the outbox's, which it fills. */
export const tasks: Tasks = {
  system: {
    ...mailTasks,
    ...letterTasks,
    "identity.welcome": welcome,
    "identity.welcome-sweep": sweepUnwelcomed,
    "identity.forget-networks": forgetNetworks,
  },
  cron: [
    ...mailCron,
    { task: "identity.welcome-sweep", match: "*/5 * * * *", options: { backfillPeriod: 0 } },
    {
      task: "identity.forget-networks",
      match: "17 4 * * *",
      options: { backfillPeriod: 24 * 60 * 60 * 1000 },
    },
  ],
};
