"use client";

import { useTranslations } from "next-intl";
import type { JobJson } from "#api/contract";
import { Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { RowAct } from "#ui/office/row-act";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";

type JobRowsProps = {
  jobs: readonly JobJson[];
  mayChange: boolean;
  onRetry: (job: JobJson) => Promise<void>;
  onDiscard: (job: JobJson) => void;
};

const tones = { failed: "danger", retrying: "hold", queued: "neutral", running: "info" } as const;

/** Jobs as rows: what they are, where they stand, what went wrong, and what may be done. */
export function JobRows({ jobs, mayChange, onRetry, onDiscard }: JobRowsProps) {
  const t = useTranslations("officeOperations.jobs");
  const columns: Column<JobJson>[] = [
    {
      key: "task",
      header: t("column.task"),
      mobile: "title",
      cell: ({ task, key }) => (
        <span className="grid py-1">
          <span className="font-mono text-13 font-medium wrap-anywhere">{task}</span>
          {key && key !== task && <span className="font-mono text-12 wrap-anywhere text-text-3">{key}</span>}
        </span>
      ),
    },
    {
      key: "state",
      header: t("column.state"),
      mobile: "corner",
      cell: ({ state }) => <Badge tone={tones[state]}>{t(`state.${state}`)}</Badge>,
    },
    {
      key: "attempts",
      header: t("column.attempts"),
      align: "right",
      cell: ({ attempts, maxAttempts }) => `${attempts} / ${maxAttempts}`,
    },
    {
      key: "error",
      header: t("column.error"),
      cell: ({ error }) =>
        error ? (
          <code className="line-clamp-3 max-w-md text-12 break-words text-text-2" title={error}>
            {error}
          </code>
        ) : (
          <span className="text-text-3">—</span>
        ),
    },
    {
      key: "next",
      header: t("column.next"),
      cell: ({ nextAt, runningSince }) =>
        nextAt ? (
          <Time at={nextAt} />
        ) : runningSince ? (
          <span className="text-text-2">
            {t("since")} <Time at={runningSince} />
          </span>
        ) : (
          <span className="text-text-3">{t("never")}</span>
        ),
    },
    { key: "made", header: t("column.made"), cell: ({ createdAt }) => <Time at={createdAt} /> },
    ...(mayChange
      ? [
          {
            key: "acts",
            header: <span className="sr-only">{t("column.acts")}</span>,
            cell: (job: JobJson) =>
              job.state === "running" ? null : <Acts job={job} onRetry={onRetry} onDiscard={onDiscard} />,
          },
        ]
      : []),
  ];
  return <Table label={t("title")} columns={columns} rows={jobs} rowKey={({ id }) => id} dense />;
}

function Acts({ job, onRetry, onDiscard }: Pick<JobRowsProps, "onRetry" | "onDiscard"> & { job: JobJson }) {
  const t = useTranslations("officeOperations.jobs");
  return (
    <span className="flex justify-end gap-1.5">
      <RowAct
        label={t("retryOf", { task: job.task })}
        act={() => onRetry(job)}
        done={t("retried", { task: job.task })}
      >
        {t("retry")}
      </RowAct>
      <Button
        variant="quiet"
        size="sm"
        aria-label={t("discardOf", { task: job.task })}
        onClick={() => onDiscard(job)}
      >
        {t("discard")}
      </Button>
    </span>
  );
}
