"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryStates } from "nuqs";
import type { RefusedHourJson } from "#api/contract";
import { api } from "#ui/api";
import { Time } from "#ui/data/cells";
import { FilterBar, SearchFilter } from "#ui/data/filter-bar";
import { type Column, Table, TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import { Card } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";
import { Empty, NoMatch } from "#ui/state/states";
import { useFormat } from "#ui/use-format";

/** How often each rate limit turned somebody away, hour by hour. */
export function LimitsView() {
  const t = useTranslations("officeOperations.limits");
  const format = useFormat();
  const [{ name, cursor }, set] = useQueryStates(
    { name: parseAsString, cursor: parseAsString },
    { history: "push" },
  );
  const page = useQuery({
    queryKey: ["office", "limits", name, cursor],
    queryFn: ({ signal }) =>
      api.get<{ data: RefusedHourJson[]; nextCursor: string | null }>("/admin/limits", {
        signal,
        query: { name, cursor, limit: 100 },
      }),
    placeholderData: keepPreviousData,
  });
  const columns: Column<RefusedHourJson>[] = [
    {
      key: "limit",
      header: t("column.limit"),
      mobile: "title",
      cell: ({ limit }) => (
        <button
          type="button"
          className="font-mono underline-offset-4 hover:underline"
          onClick={() => void set({ name: limit, cursor: null })}
        >
          {limit}
        </button>
      ),
    },
    { key: "hour", header: t("column.hour"), cell: ({ hour }) => <Time at={hour} show="dateTime" /> },
    {
      key: "refusals",
      header: t("column.refusals"),
      align: "right",
      mobile: "corner",
      cell: ({ refusals }) => format.integer(refusals),
    },
  ];
  return (
    <div className="grid gap-4">
      <FilterBar names={["name"]}>
        <SearchFilter name="name" label={t("name")} className="sm:w-64" />
      </FilterBar>
      <Card aria-label={t("title")} aria-busy={page.isPlaceholderData}>
        <QueryState
          query={page}
          failure={t("failure")}
          skeleton={<TableSkeleton columns={3} rows={8} dense />}
        >
          {({ data, nextCursor }) => (
            <>
              {data.length > 0 && (
                <Table
                  label={t("title")}
                  columns={columns}
                  rows={data}
                  rowKey={({ limit, hour }) => `${hour} ${limit}`}
                  dense
                />
              )}
              {data.length === 0 && name !== null && <NoMatch onClear={() => void set(null)} />}
              {data.length === 0 && name === null && (
                <Empty icon={<ShieldCheck strokeWidth={1.75} />} title={t("empty")} text={t("emptyText")} />
              )}
              <KeyPages
                label={t("pages")}
                older={nextCursor}
                turned={cursor !== null}
                turn={(next) => void set({ cursor: next }, { scroll: true })}
              />
            </>
          )}
        </QueryState>
      </Card>
    </div>
  );
}
