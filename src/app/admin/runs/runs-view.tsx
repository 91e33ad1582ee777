"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { OfficeRunJson } from "#api/contract";
import { addDays, isDay, startOfDay } from "#format";
import { api } from "#ui/api";
import { MonoId, Time } from "#ui/data/cells";
import { DaysFilter, FilterBar, SelectFilter } from "#ui/data/filter-bar";
import { type Column, Table, TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import { Status } from "#ui/primitives/badge";
import { Card } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";
import { Empty, NoMatch } from "#ui/state/states";
import { useFormat } from "#ui/use-format";

const statuses = ["queued", "running", "succeeded", "failed", "canceled"] as const;
const filterNames = ["status", "tool", "from", "to"] as const;
type Tools = readonly { slug: string; name: string }[];

/** Runs by state, tool and day; all of it in the URL. */
export function RunsView({ tools }: { tools: Tools }) {
  const t = useTranslations("officeOperations.runs");
  const status = useTranslations("common.status");
  const { query, cursor, filtered, clear, turn } = useRunsState();
  const page = useQuery({
    queryKey: ["office", "runs", query, cursor],
    queryFn: ({ signal }) =>
      api.get<{ data: OfficeRunJson[]; nextCursor: string | null }>("/admin/runs", {
        signal,
        query: { ...query, cursor, limit: 50 },
      }),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="grid gap-4">
      <FilterBar names={filterNames}>
        <SelectFilter
          name="status"
          label={t("column.status")}
          options={statuses.map((value) => ({ value, label: status(value) }))}
        />
        <SelectFilter
          name="tool"
          label={t("column.tool")}
          options={tools.map(({ slug, name }) => ({ value: slug, label: name }))}
        />
        <DaysFilter from={t("from")} to={t("to")} />
      </FilterBar>
      <Card aria-label={t("title")} aria-busy={page.isPlaceholderData}>
        <QueryState
          query={page}
          failure={t("failure")}
          skeleton={<TableSkeleton columns={6} rows={8} dense />}
        >
          {({ data, nextCursor }) => (
            <>
              {data.length > 0 && <RunRows runs={data} tools={tools} />}
              {data.length === 0 && (filtered || cursor) && <NoMatch onClear={clear} />}
              {data.length === 0 && !filtered && !cursor && (
                <Empty icon={<Play strokeWidth={1.75} />} title={t("empty")} text={t("emptyText")} />
              )}
              <KeyPages label={t("pages")} older={nextCursor} turned={cursor !== null} turn={turn} />
            </>
          )}
        </QueryState>
      </Card>
    </div>
  );
}

function RunRows({ runs, tools }: { runs: readonly OfficeRunJson[]; tools: Tools }) {
  const t = useTranslations("officeOperations.runs");
  const format = useFormat();
  const columns: Column<OfficeRunJson>[] = [
    {
      key: "tool",
      header: t("column.tool"),
      mobile: "title",
      cell: ({ id, tool }) => (
        <span className="grid py-1">
          <span className="font-medium">{tools.find(({ slug }) => slug === tool)?.name ?? tool}</span>
          <MonoId id={id} label={t("title")} short />
        </span>
      ),
    },
    {
      key: "status",
      header: t("column.status"),
      mobile: "corner",
      cell: ({ status }) => <Status status={status} />,
    },
    {
      key: "customer",
      header: t("column.customer"),
      cell: ({ customerId, customerMail }) =>
        customerId ? (
          <Link
            href={`/admin/customers/${customerId}`}
            className="wrap-anywhere underline-offset-4 hover:underline"
          >
            {customerMail}
          </Link>
        ) : (
          <span className="text-text-3">{t("visitor")}</span>
        ),
    },
    {
      key: "error",
      header: t("column.error"),
      cell: ({ errorCode }) => <span className="font-mono text-12 text-text-2">{errorCode ?? "—"}</span>,
    },
    {
      key: "duration",
      header: t("column.duration"),
      align: "right",
      cell: ({ seconds }) => (seconds === null ? "—" : format.duration(seconds)),
    },
    {
      key: "charged",
      header: t("column.charged"),
      align: "right",
      cell: ({ charged }) => format.integer(charged),
    },
    {
      key: "time",
      header: t("column.time"),
      cell: ({ createdAt }) => <Time at={createdAt} show="dateTime" />,
    },
  ];
  return <Table label={t("title")} columns={columns} rows={runs} rowKey={({ id }) => id} dense />;
}

const parsers = {
  status: parseAsStringLiteral(statuses),
  tool: parseAsString,
  from: parseAsString,
  to: parseAsString,
  cursor: parseAsString,
};

/** Days are those of the reader's zone; what is no day is no limit. */
function useRunsState() {
  const { timeZone } = useFormat();
  const [{ cursor, from, to, ...rest }, set] = useQueryStates(parsers, { history: "push" });
  const start = (day: string) => startOfDay(day, timeZone).toISOString();
  return {
    query: {
      ...rest,
      from: from && isDay(from) ? start(from) : null,
      to: to && isDay(to) ? start(addDays(to, 1)) : null,
    },
    cursor,
    filtered: rest.status !== null || rest.tool !== null || from !== null || to !== null,
    clear: () => void set(null),
    turn: (next: string | null) => void set({ cursor: next }, { scroll: true }),
  };
}
