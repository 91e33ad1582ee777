"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Status } from "#ui/primitives/badge";
import { Card } from "#ui/primitives/card";
import { CopyButton } from "#ui/primitives/copy-button";
import { Skeleton } from "#ui/primitives/skeleton";
import { Failure } from "#ui/state/states";
import type { CancelTerms } from "./cancel-words";
import { isActive, type Run } from "./run";
import { RunContinue } from "./run-continue";
import { RunCanceled, RunFailed, RunPurged, RunRemoved } from "./run-ending";
import { RunProgress } from "./run-progress";
import { RunReceipt } from "./run-receipt";
import { RunReport } from "./run-report";
import { RunResult } from "./run-result";
import { RunText } from "./run-text";
import { useRunTitle } from "./run-title";
import { RunAsked, RunTurns } from "./run-turns";
import { type RunState, useRun } from "./use-run";

/** What the view must know of the run's tool. */
export type RunTool = CancelTerms & {
  slug: string;
  name: string;
  /** Its results can be gone on with. */
  continues: boolean;
  /** How long it usually takes; null while too few runs say so. */
  medianSeconds: number | null;
};

type RunViewProps = {
  id: string;
  initial?: Run;
  tool: RunTool;
  /** Somebody without an account: nothing was charged, there is no balance. */
  visitor?: boolean;
  /** What one may do next, such as Run again. */
  actions?: (run: Run) => ReactNode;
  /** With the run that goes on with this one; without it nobody goes on. */
  onContinued?: (run: Run) => void;
  /** Leads to the run's own page. */
  linked?: boolean;
  /** The page's title, before which the run's progress stands. */
  pageTitle: string;
};

/** A run, wherever it is looked at: on its way, done, failed, canceled or deleted. */
export function RunView({
  id,
  initial,
  tool,
  visitor = false,
  actions,
  onContinued,
  linked = false,
  pageTitle,
}: RunViewProps) {
  const t = useTranslations("runs.view");
  const state = useRun(id, initial);
  const { run, problem } = state;
  useRunTitle(run, pageTitle);
  if (!run) {
    return (
      <Card>
        {problem ? (
          <Failure error={problem} />
        ) : (
          <div className="grid gap-3 p-5">
            <Skeleton className="h-5 w-40" />
            <Skeleton className="h-1 w-full" />
            <Skeleton className="h-4 w-56" />
          </div>
        )}
      </Card>
    );
  }
  return (
    <Card
      aria-label={t("label", { id })}
      data-testid="run-view"
      data-status={run.status}
      className="overflow-hidden"
    >
      <header className="flex min-h-12 items-center justify-between gap-3 border-b border-line px-4 py-2 sm:px-5">
        <Status status={run.status} />
        {linked && (
          <Link
            href={`/runs/${id}`}
            className="text-13 text-text-2 underline-offset-3 hover:text-text hover:underline"
          >
            {t("open")}
          </Link>
        )}
      </header>
      <RunTurns run={run} />
      <RunAsked run={run} />
      <RunBody state={{ ...state, run }} tool={tool} actions={actions?.(run)} visitor={visitor} />
      {!isActive(run) && <RunReceipt run={run} visitor={visitor} />}
      {tool.continues && onContinued && run.outputs.length > 0 && !run.purged && (
        <RunContinue key={id} run={run} onStarted={onContinued} />
      )}
    </Card>
  );
}

type RunBodyProps = {
  state: RunState & { run: Run };
  tool: RunTool;
  actions: ReactNode;
  visitor: boolean;
};

function RunBody({ state, tool, actions, visitor }: RunBodyProps) {
  const t = useTranslations("runs.view");
  const { run } = state;
  if (isActive(run)) {
    return (
      <>
        <RunProgress
          run={run}
          state={state}
          medianSeconds={tool.medianSeconds}
          streaming={tool.streaming}
          fixedPrice={tool.fixedPrice}
        />
        {tool.streaming && run.status === "running" && <RunText run={run} />}
      </>
    );
  }
  if (run.error?.code === "content_removed") return <RunRemoved actions={actions} />;
  if (run.purged) return <RunPurged actions={actions} />;
  if (run.status === "failed") return <RunFailed run={run} actions={actions} />;
  if (run.status === "canceled") {
    return (
      <>
        <RunCanceled
          run={run}
          actions={
            <>
              {run.text && <CopyButton wide text={run.text} label={t("copyText")} />}
              {actions}
              {run.text && !visitor && <RunReport run={run} />}
            </>
          }
        />
        {run.text && <RunText run={run} />}
      </>
    );
  }
  return <RunResult run={run} actions={actions} report={!visitor && <RunReport run={run} />} />;
}
