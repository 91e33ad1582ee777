"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { cn } from "#cn";
import { Status } from "#ui/primitives/badge";
import { Skeleton } from "#ui/primitives/skeleton";
import { useMinute } from "#ui/state/states";
import { ToolIcon } from "#ui/tool-icon";
import { useFormat } from "#ui/use-format";
import { isActive, type Run, runSeconds } from "./run";

export type NamedTool = { slug: string; name: string; icon: string; fileField: string | null };

type RunRowsProps = {
  runs: readonly Run[];
  tools: readonly NamedTool[];
};

/** Runs as rows that lead to their pages; cards on a phone. */
export function RunRows({ runs, tools }: RunRowsProps) {
  const t = useTranslations("runs.columns");
  return (
    <div className="overflow-hidden rounded-card border border-line bg-surface" data-testid="run-rows">
      <div
        aria-hidden="true"
        className={cn("hidden h-8 border-b border-line bg-sunken px-5 text-12 text-text-3", columns)}
      >
        <span>{t("run")}</span>
        <span>{t("status")}</span>
        <span className="text-right">{t("credits")}</span>
        <span className="text-right">{t("duration")}</span>
        <span className="text-right">{t("time")}</span>
      </div>
      <ul className="divide-y divide-line">
        {runs.map((run) => (
          <li key={run.id}>
            <RunRow run={run} tool={tools.find(({ slug }) => slug === run.tool)} />
          </li>
        ))}
      </ul>
    </div>
  );
}

const columns = "md:grid md:grid-cols-[minmax(0,1fr)_120px_140px_88px_144px] md:items-center md:gap-4";

type RunRowProps = {
  run: Run;
  /** Left out where all rows are of one tool. */
  tool: NamedTool | undefined;
  /** Beside a form there is no room for columns. */
  narrow?: boolean;
};

export function RunRow({ run, tool, narrow = false }: RunRowProps) {
  const t = useTranslations("runs");
  const format = useFormat();
  const now = useMinute();
  const subject = useSubject(run) || run.id;
  const seconds = isActive(run) ? null : runSeconds(run, new Date(run.endedAt ?? run.createdAt));
  return (
    <Link
      href={`/runs/${run.id}`}
      className={cn(
        "grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-2 px-4 py-3 -outline-offset-2 transition-colors duration-120 hover:bg-hover sm:px-5",
        !narrow && `md:min-h-11 md:py-2 ${columns}`,
      )}
    >
      <span className="flex min-w-0 items-center gap-3">
        {!narrow && <ToolIcon name={tool?.icon ?? ""} className="size-4 text-text-3" />}
        <span className="min-w-0 truncate text-14">
          {!narrow && <span className="font-medium text-text">{tool?.name ?? run.tool} </span>}
          <span className={narrow ? "text-text" : "text-text-3"}>{subject}</span>
        </span>
      </span>
      <span className={narrow ? "justify-self-end" : "max-md:justify-self-end"}>
        <Status status={run.status} />
      </span>
      <span className={cn("num text-13 text-text", !narrow && "md:text-right")}>
        <RunCredits run={run} />
      </span>
      {!narrow && (
        <span className="num hidden text-right text-13 text-text-2 md:block">
          {seconds !== null && format.duration(seconds)}
        </span>
      )}
      <time
        dateTime={run.createdAt}
        title={format.exactTime(run.createdAt)}
        className="num text-right text-13 whitespace-nowrap text-text-3"
      >
        {now ? format.relative(run.createdAt, now) : format.dateTime(run.createdAt)}
      </time>
      <span className="sr-only">{t("view.label", { id: run.id })}</span>
    </Link>
  );
}

/** What the run cost, or holds. */
export function RunCredits({ run }: { run: Run }) {
  const t = useTranslations("runs");
  const format = useFormat();
  if (isActive(run) && run.held > 0) {
    return <span className="text-hold">{t("onHold", { credits: format.integer(run.held) })}</span>;
  }
  if (run.held === 0) return <span className="text-text-3">{t("free")}</span>;
  if (run.charged === 0) return <span className="text-text-3">{t("notCharged")}</span>;
  return format.credits(run.charged);
}

/** What it was about: its files, or the beginning of its text. */
function useSubject(run: Run): string {
  const t = useTranslations("runs");
  const [first, ...rest] = run.files;
  if (first) return rest.length > 0 ? t("files", { count: run.files.length }) : first.name;
  const text = Object.values(run.input).find((value) => typeof value === "string" && value.length > 24);
  return typeof text === "string" ? `${text.slice(0, 80)}` : "";
}

/** The rows' shape while they load. */
export function RunRowsSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div className="divide-y divide-line">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike and never move
        <div key={index} className="flex h-14 items-center gap-4 px-5 md:h-11">
          <Skeleton className="h-4 w-48" />
          <Skeleton className="ml-auto h-4 w-20" />
          <Skeleton className="h-4 w-24 max-md:hidden" />
        </div>
      ))}
    </div>
  );
}
