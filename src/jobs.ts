import "#server-only";
import type { Tasks } from "#platform/queue";

/** The jobs of every domain, for the worker. */
export const jobs: readonly Tasks[] = [];
