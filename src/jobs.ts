import "#server-only";
import { ledgerTasks } from "#ledger";
import { mailTasks } from "#platform/mail";
import type { Tasks } from "#platform/queue";

/** The jobs of every domain, for the worker. */
export const jobs: readonly Tasks[] = [{ system: mailTasks }, ledgerTasks];
