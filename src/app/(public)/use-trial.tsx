"use client";

import { useEffect, useRef, useState } from "react";
import { api, newIdempotencyKey } from "#ui/api";
import { sendFile } from "#ui/files/upload";

/** The parts of a run's JSON that the landing page shows. */
type TrialRun = {
  id: string;
  status: "queued" | "running" | "succeeded" | "failed" | "canceled";
  progress: number | null;
  queuePosition: number | null;
  outputs: readonly { url: string; name: string; text: string | null }[];
  error: { code: string; message: string } | null;
  startedAt: string | null;
  endedAt: string | null;
};

export type Trial =
  | { state: "idle" }
  | { state: "sending"; picture: string; fraction: number }
  | { state: "going"; picture: string; run: TrialRun }
  | { state: "done"; picture: string; text: string; seconds: number }
  | { state: "failed"; picture: string; error: unknown };

const pollMs = 600;

/** A visitor's run: sends the file, starts the tool at price 0 and follows the run to its end. */
export function useTrial(slug: string, field: string) {
  const [trial, setTrial] = useState<Trial>({ state: "idle" });
  const stop = useRef<AbortController | null>(null);
  const picture = useRef<string | null>(null);

  const reset = (): void => {
    stop.current?.abort();
    if (picture.current) URL.revokeObjectURL(picture.current);
    picture.current = null;
    setTrial({ state: "idle" });
  };

  const start = (file: File): void => {
    reset();
    const controller = new AbortController();
    stop.current = controller;
    const url = URL.createObjectURL(file);
    picture.current = url;
    setTrial({ state: "sending", picture: url, fraction: 0 });
    follow(controller.signal, file, url).catch((error: unknown) => {
      if (!controller.signal.aborted) setTrial({ state: "failed", picture: url, error });
    });
  };

  async function follow(signal: AbortSignal, file: File, url: string): Promise<void> {
    const upload = await sendFile(file, {
      idempotencyKey: newIdempotencyKey(),
      signal,
      onProgress: (fraction) => setTrial({ state: "sending", picture: url, fraction }),
    });
    let run = await api.post<TrialRun>(
      `/tools/${slug}/runs`,
      { input: { [field]: [upload.id] } },
      { signal, idempotencyKey: newIdempotencyKey(), quiet: true },
    );
    while (run.status === "queued" || run.status === "running") {
      setTrial({ state: "going", picture: url, run });
      await pause(signal);
      run = await api.get<TrialRun>(`/runs/${run.id}`, { signal, quiet: true });
    }
    const [output] = run.outputs;
    if (run.status !== "succeeded" || !output) {
      setTrial({ state: "failed", picture: url, error: run.error });
      return;
    }
    const text = output.text ?? (await (await fetch(output.url, { signal })).text());
    setTrial({ state: "done", picture: url, text, seconds: secondsOf(run) });
  }

  useEffect(
    () => () => {
      stop.current?.abort();
      if (picture.current) URL.revokeObjectURL(picture.current);
    },
    [],
  );
  return { trial, start, reset };
}

function secondsOf({ startedAt, endedAt }: TrialRun): number {
  if (!startedAt || !endedAt) return 0;
  return (new Date(endedAt).getTime() - new Date(startedAt).getTime()) / 1000;
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, pollMs);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
