"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Card, CardHeader } from "#ui/primitives/card";
import { Progress } from "#ui/primitives/progress";
import { Skeleton } from "#ui/primitives/skeleton";
import type { Run } from "#ui/runs/run";
import { useStep } from "#ui/runs/run-progress";
import type { NamedTool } from "#ui/runs/run-table";
import { QueryState } from "#ui/state/query-state";
import { ToolIcon } from "#ui/tool-icon";
import { useFormat } from "#ui/use-format";
import { activeRunsQuery } from "./runs-query";

/** What is queued or running now; it moves by itself. */
export function RunningWidget({ tools }: { tools: readonly NamedTool[] }) {
  const t = useTranslations("dashboard.running");
  const query = useQuery(activeRunsQuery());
  return (
    <Card aria-labelledby="running-title">
      <CardHeader id="running-title" title={t("title")} />
      <QueryState query={query} failure={t("failure")} skeleton={<RunningSkeleton />}>
        {({ data }) =>
          data.length === 0 ? (
            <div className="grid gap-0.5 px-4 pb-4 sm:px-5 sm:pb-5">
              <p className="text-14 text-text-2">{t("empty")}</p>
              <p className="text-13 text-text-3">{t("emptyText")}</p>
            </div>
          ) : (
            <ul className="divide-y divide-line border-t border-line">
              {data.map((run) => (
                <li key={run.id}>
                  <RunningRow run={run} tool={tools.find(({ slug }) => slug === run.tool)} />
                </li>
              ))}
            </ul>
          )
        }
      </QueryState>
    </Card>
  );
}

function RunningRow({ run, tool }: { run: Run; tool: NamedTool | undefined }) {
  const t = useTranslations("dashboard.running");
  const format = useFormat();
  const step = useStep(run);
  const progress = run.status === "running" ? run.progress : null;
  const what = progress === null ? step : `${step} · ${format.percent(progress)}`;
  return (
    <Link
      href={`/runs/${run.id}`}
      className="grid gap-2 px-4 py-3 -outline-offset-2 transition-colors duration-120 hover:bg-hover sm:px-5"
    >
      <span className="flex items-center gap-2.5 text-14 font-medium text-text">
        <ToolIcon name={tool?.icon ?? ""} className="size-4 text-text-3" />
        <span className="min-w-0 truncate">{tool?.name ?? run.tool}</span>
      </span>
      <Progress label={what} value={progress} />
      <span className="num flex justify-between gap-3 text-13 text-text-2">
        <span className="min-w-0 truncate">{what}</span>
        {run.held > 0 && (
          <span className="whitespace-nowrap text-hold">
            {t("held", { credits: format.credits(run.held) })}
          </span>
        )}
      </span>
    </Link>
  );
}

function RunningSkeleton() {
  return (
    <div className="grid gap-1 px-4 pb-4 sm:px-5 sm:pb-5">
      <Skeleton className="h-5 w-40" />
      <Skeleton className="h-5 w-56 max-w-full" />
    </div>
  );
}
