"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, History } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { api, apiUrl } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { queryKeys } from "#ui/query-keys";
import type { Page, Run } from "#ui/runs/run";
import { type NamedTool, RunRows, RunRowsSkeleton } from "#ui/runs/run-rows";
import { Empty, Failure, NoMatch, Stale } from "#ui/state/states";
import { type RunFilters, RunFilterBar, filterQuery, useRunFilters } from "./run-filters";

/** The list of runs, a page at a time, kept current while runs go on. */
export function RunHistory({ tools }: { tools: readonly NamedTool[] }) {
  const t = useTranslations("runs");
  const { filters, change, clear } = useRunFilters();
  return (
    <div className="grid gap-4">
      <RunFilterBar tools={tools} filters={filters} onChange={change}>
        <Button asChild variant="secondary" className="sm:ml-auto">
          <a href={apiUrl("/runs.csv", filterQuery(filters))} download>
            <Download aria-hidden="true" strokeWidth={1.75} />
            {t("csv")}
          </a>
        </Button>
      </RunFilterBar>
      <RunList tools={tools} filters={filters} onClear={clear} />
    </div>
  );
}

type RunListProps = { tools: readonly NamedTool[]; filters: RunFilters; onClear: () => void };

function RunList({ tools, filters, onClear }: RunListProps) {
  const t = useTranslations("runs");
  const query = filterQuery(filters);
  const filtered = Object.values(query).some(Boolean);
  const list = useInfiniteQuery({
    queryKey: [...queryKeys.runs, query],
    queryFn: ({ pageParam, signal }) => api.get<Page<Run>>("/runs", { query: { ...query, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const runs = list.data?.pages.flatMap(({ data }) => data);
  if (!runs) {
    return (
      <Card>
        {list.isError ? (
          <Failure error={list.error} title={t("failed")} onRetry={() => list.refetch()} />
        ) : (
          <RunRowsSkeleton />
        )}
      </Card>
    );
  }
  if (runs.length === 0) {
    return <Card>{filtered ? <NoMatch onClear={onClear} /> : <NoRuns />}</Card>;
  }
  return (
    <div className="grid gap-4">
      {list.isRefetchError && <Stale at={new Date(list.dataUpdatedAt)} onRetry={() => list.refetch()} />}
      <RunRows runs={runs} tools={tools} />
      <div className="flex justify-center">
        {list.hasNextPage ? (
          <Button variant="secondary" busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {t("more")}
          </Button>
        ) : (
          <p className="text-13 text-text-3">{t("end")}</p>
        )}
      </div>
    </div>
  );
}

function NoRuns() {
  const t = useTranslations("runs");
  return (
    <Empty
      icon={<History strokeWidth={1.75} />}
      title={t("empty")}
      text={t("emptyText")}
      action={
        <Button asChild>
          <Link href="/tools">{t("emptyAction")}</Link>
        </Button>
      }
    />
  );
}
