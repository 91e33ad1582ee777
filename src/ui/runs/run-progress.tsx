"use client";

import { useTranslations } from "next-intl";
import { useOnline } from "#ui/live";
import { Button } from "#ui/primitives/button";
import { Progress } from "#ui/primitives/progress";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";
import { type CancelTerms, cancelWords } from "./cancel-words";
import { type Run, runSeconds } from "./run";
import { type RunState, useNow } from "./use-run";

type RunProgressProps = CancelTerms & { run: Run; state: RunState; medianSeconds: number | null };

/** A run on its way: where it stands, how long it has taken, and the way out. */
export function RunProgress({ run, state, medianSeconds, ...terms }: RunProgressProps) {
  const t = useTranslations("runs.view");
  const format = useFormat();
  const online = useOnline();
  const problemText = useProblemText();
  const now = useNow(true);
  const seconds = now && runSeconds(run, now);
  const what = useStep(run);
  // How long a text will be is not known before it is written.
  const fraction = run.status === "running" && !terms.streaming ? run.progress : null;
  return (
    <div className="grid gap-4 p-4 sm:p-5">
      <div className="grid gap-2.5">
        <div className="flex items-baseline justify-between gap-4 text-14">
          <p role="status" className="font-medium text-text">
            {what}
          </p>
          {fraction !== null && <span className="num text-text-2">{format.percent(fraction)}</span>}
        </div>
        <Progress label={what} value={fraction} />
        <div className="flex flex-wrap gap-x-4 text-13 text-text-3">
          {seconds !== null && (
            <span className="num">{t("elapsed", { time: format.duration(seconds) })}</span>
          )}
          {medianSeconds !== null && <span>{t("usually", { time: format.duration(medianSeconds) })}</span>}
          {run.held > 0 && (
            <span className="text-hold">{t("held", { credits: format.credits(run.held) })}</span>
          )}
        </div>
        {run.attempt > 1 && <p className="text-13 text-text-2">{t("again")}</p>}
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-80 text-13 text-text-3">
          {online ? (state.stale ? t("stale") : t("leave")) : t("offline")}
        </p>
        <CancelButton run={run} state={state} {...terms} />
      </div>
      {state.cancelProblem && (
        <p role="alert" className="text-13 text-danger">
          {problemText(state.cancelProblem)}
        </p>
      )}
    </div>
  );
}

function CancelButton({ run, state, ...terms }: Omit<RunProgressProps, "medianSeconds">) {
  const t = useTranslations("runs.view");
  const format = useFormat();
  const online = useOnline();
  const label = state.canceling
    ? t("canceling")
    : t(cancelWords(run, terms), { credits: format.credits(run.held) });
  return (
    <Button
      variant="secondary"
      size="sm"
      onClick={state.cancel}
      disabled={!online || state.canceling}
      data-testid="cancel-run"
    >
      {label}
    </Button>
  );
}

/** The step in words: ours for those that we know, else the tool's own. */
export function useStep(run: Run): string {
  const t = useTranslations("runs.view");
  const steps = useTranslations("toolSteps");
  if (run.status === "queued") {
    return run.queuePosition ? t("queuedAt", { place: run.queuePosition }) : t("queued");
  }
  if (!run.step) return t("running");
  return steps.has(run.step) ? steps(run.step) : run.step;
}
