"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryState } from "nuqs";
import type { ContentRefusalJson } from "#api/contract";
import { api } from "#ui/api";
import { MonoId, Time } from "#ui/data/cells";
import { type Column, Table, TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import type { ToolNames } from "#ui/office/tool-names";
import { Card, CardHeader } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";
import { Empty } from "#ui/state/states";

/** Which runs were refused and by what, so that a word that refuses too much is noticed. */
export function RefusedRuns({ tools }: { tools: ToolNames }) {
  const t = useTranslations("officeSafety.refusals");
  const [cursor, setCursor] = useQueryState("cursor", parseAsString.withOptions({ history: "push" }));
  const page = useQuery({
    queryKey: ["office", "safety", "refusals", cursor],
    queryFn: ({ signal }) =>
      api.get<{ data: ContentRefusalJson[]; nextCursor: string | null }>("/admin/safety/refusals", {
        signal,
        query: { cursor, limit: 25 },
      }),
    placeholderData: keepPreviousData,
  });
  return (
    <Card aria-labelledby="refusals" aria-busy={page.isPlaceholderData}>
      <CardHeader id="refusals" title={t("title")} hint={t("hint")} />
      <div className="border-t border-line">
        <QueryState
          query={page}
          failure={t("failure")}
          skeleton={<TableSkeleton columns={5} rows={5} dense />}
        >
          {({ data, nextCursor }) => (
            <>
              {data.length > 0 && <RefusalRows refusals={data} tools={tools} />}
              {data.length === 0 && (
                <Empty icon={<ShieldCheck strokeWidth={1.75} />} title={t("empty")} text={t("emptyText")} />
              )}
              <KeyPages
                label={t("pages")}
                older={nextCursor}
                turned={cursor !== null}
                turn={(next) => void setCursor(next)}
              />
            </>
          )}
        </QueryState>
      </div>
    </Card>
  );
}

function RefusalRows({ refusals, tools }: { refusals: readonly ContentRefusalJson[]; tools: ToolNames }) {
  const t = useTranslations("officeSafety.refusals");
  const columns: Column<ContentRefusalJson>[] = [
    {
      key: "tool",
      header: t("column.tool"),
      mobile: "title",
      cell: ({ runId, tool }) => (
        <span className="grid py-1">
          <span className="font-medium">{tools.find(({ slug }) => slug === tool)?.name ?? tool}</span>
          <MonoId id={runId} label={t("column.tool")} short />
        </span>
      ),
    },
    { key: "stage", header: t("column.stage"), cell: ({ stage }) => t(`stage.${stage}`) },
    {
      key: "found",
      header: t("column.found"),
      cell: ({ foundBy, found }) => (
        <span className="wrap-anywhere">
          <span className="text-text-2">{t(`foundBy.${foundBy}`)}</span>
          {found !== "" && <span className="ml-1.5 font-medium">{found}</span>}
        </span>
      ),
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
    { key: "at", header: t("column.at"), cell: ({ at }) => <Time at={at} show="dateTime" /> },
  ];
  return <Table label={t("title")} columns={columns} rows={refusals} rowKey={({ runId }) => runId} dense />;
}
