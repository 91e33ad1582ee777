import type { RunJson } from "#api/contract";

/** A run as the API tells it. */
export type Run = RunJson;
export type RunOutput = Run["outputs"][number];
export type RunFile = Run["files"][number];
/** The input of a run as the API takes it. */
export type RunInput = Readonly<Record<string, unknown>>;

export type Page<T> = { data: readonly T[]; nextCursor: string | null };

/** Whether the run still goes on. */
export function isActive(run: Run): boolean {
  return run.status === "queued" || run.status === "running";
}

/** Seconds from start to end, or to `now`; null before it has begun. */
export function runSeconds(run: Run, now: Date): number | null {
  if (!run.startedAt) return null;
  return Math.max(0, (new Date(run.endedAt ?? now).getTime() - new Date(run.startedAt).getTime()) / 1000);
}
