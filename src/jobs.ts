import "#server-only";
import { ledgerTasks } from "#ledger";
import type { Tasks } from "#platform/queue";

/** The jobs of every domain, for the worker. */
export const jobs: readonly Tasks[] = [ledgerTasks];
