/** What the API says of uploads and runs, as the browser reads it. */

import type { Upload } from "#ui/files/upload";
import type { RunStatus } from "#ui/primitives/badge";

/** An upload that a run was given. */
export type RunFile = Upload & { url: string };

export type RunOutput = {
  position: number;
  name: string;
  mediaType: string;
  bytes: number;
  width: number | null;
  height: number | null;
  url: string;
  /** Of a small text, where one run is asked for. */
  text: string | null;
};

/** The input of a run as the API takes it. */
export type RunInput = Readonly<Record<string, unknown>>;

export type Run = {
  id: string;
  tool: string;
  status: RunStatus;
  input: RunInput;
  files: readonly RunFile[];
  /** 0 to 1. */
  progress: number | null;
  step: string | null;
  queuePosition: number | null;
  held: number;
  charged: number;
  returned: number;
  outputs: readonly RunOutput[];
  /** What a streaming tool has written so far. */
  text: string | null;
  /** Figures beside the result. */
  facts: Readonly<Record<string, string | number>> | null;
  error: { code: string; message: string } | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  /** When input and results are deleted. */
  expiresAt: string;
  purged: boolean;
  attempt: number;
};

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
