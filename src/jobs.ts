import "#server-only";
import { tasks as analyticsTasks } from "#analytics";
import { announcementTasks } from "#announcements";
import { tasks as billingTasks } from "#billing";
import { creditTasks } from "#credits";
import { tasks as identityTasks } from "#identity";
import { tasks as insightTasks } from "#insight";
import { ledgerTasks } from "#ledger";
import type { Tasks } from "#platform/queue";
import { toolTasks } from "#tools";

/** The jobs of every domain, for the worker. */
export const jobs: readonly Tasks[] = [
  identityTasks,
  ledgerTasks,
  billingTasks,
  creditTasks,
  toolTasks,
  insightTasks,
  analyticsTasks,
  announcementTasks,
];
