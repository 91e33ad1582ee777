"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, History } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { api, apiUrl } from "#ui/api";
import { useFilters } from "#ui/data/filter-bar";
import { Pager } from "#ui/data/pager";
import { TableSkeleton } from "#ui/data/table";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { queryKeys } from "#ui/query-keys";
import type { Page, Run } from "#ui/runs/run";
import { type NamedTool, RunTable } from "#ui/runs/run-table";
import { Empty, Failure, NoMatch, Stale } from "#ui/state/states";
import { filterNames, RunFilterBar, useRunQuery } from "./run-filters";

/** The list of runs, a page at a time, kept current while runs go on. */
export function RunHistory({ tools }: { tools: readonly NamedTool[] }) {
  const t = useTranslations("runs");
  const query = useRunQuery();
  return (
    <div className="grid gap-4">
      <RunFilterBar
        tools={tools}
        aside={
          <Button asChild variant="secondary" size="sm">
            <a href={apiUrl("/runs.csv", query)} download>
              <Download aria-hidden="true" strokeWidth={1.75} />
              {t("csv")}
            </a>
          </Button>
        }
      />
      <Card className="overflow-hidden">
        <RunList tools={tools} query={query} />
      </Card>
    </div>
  );
}

type RunListProps = { tools: readonly NamedTool[]; query: ReturnType<typeof useRunQuery> };

function RunList({ tools, query }: RunListProps) {
  const t = useTranslations("runs");
  const { active, clear } = useFilters(filterNames);
  const list = useInfiniteQuery({
    queryKey: [...queryKeys.runs, "list", query],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Run>>("/runs", { query: { ...query, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const retry = () => void list.refetch();
  const runs = list.data?.pages.flatMap(({ data }) => data);
  if (!runs) {
    return list.isError ? (
      <Failure error={list.error} title={t("failed")} onRetry={retry} />
    ) : (
      <TableSkeleton columns={5} />
    );
  }
  if (runs.length === 0) return active ? <NoMatch onClear={clear} /> : <NoRuns />;
  return (
    <>
      {list.isRefetchError && (
        <div className="px-5 py-2">
          <Stale at={new Date(list.dataUpdatedAt)} onRetry={retry} />
        </div>
      )}
      <RunTable runs={runs} tools={tools} />
      <Pager
        shown={runs.length}
        hasMore={list.hasNextPage}
        busy={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </>
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
