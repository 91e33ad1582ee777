"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ReconciliationSummaryJson } from "#api/contract";
import { Time } from "#ui/data/cells";
import { type Column, Table, TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import { Badge } from "#ui/primitives/badge";
import { Card, CardHeader } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";
import { useFormat } from "#ui/use-format";
import { historyQuery } from "./queries";

/** The proofs so far, newest first. */
export function History({ newest }: { newest: string }) {
  const t = useTranslations("office.ledger.history");
  const format = useFormat();
  const [cursor, setCursor] = useState<string | null>(null);
  const page = useQuery(historyQuery(cursor, newest));
  const count = (value: number | null) => (value === null ? "—" : format.integer(value));
  const columns: Column<ReconciliationSummaryJson>[] = [
    {
      key: "time",
      header: t("time"),
      mobile: "title",
      cell: ({ asOf, createdAt }) => <Time at={asOf ?? createdAt} show="dateTime" />,
    },
    {
      key: "result",
      header: t("result"),
      mobile: "corner",
      cell: (proof) => <Result proof={proof} />,
    },
    {
      key: "by",
      header: t("by"),
      cell: ({ requestedBy, requestedByMail }) => (
        <span className="wrap-anywhere text-text-2">{requestedByMail ?? requestedBy ?? t("itself")}</span>
      ),
    },
    { key: "accounts", header: t("accounts"), align: "right", cell: ({ accounts }) => count(accounts) },
    { key: "entries", header: t("entries"), align: "right", cell: ({ entries }) => count(entries) },
  ];
  return (
    <Card aria-labelledby="proofs">
      <CardHeader id="proofs" title={t("title")} hint={t("hint")} />
      <div className="border-t border-line">
        <QueryState query={page} failure={t("failure")} skeleton={<TableSkeleton columns={5} dense />}>
          {({ data, nextCursor }) => (
            <>
              <Table label={t("title")} columns={columns} rows={data} rowKey={({ id }) => id} dense />
              <KeyPages label={t("title")} older={nextCursor} turned={cursor !== null} turn={setCursor} />
            </>
          )}
        </QueryState>
      </div>
    </Card>
  );
}

function Result({ proof: { status, findingCount } }: { proof: ReconciliationSummaryJson }) {
  const t = useTranslations("office.ledger.history");
  if (status === "waiting") return <Badge tone="info">{t("waiting")}</Badge>;
  if (status === "failed") return <Badge tone="danger">{t("failed")}</Badge>;
  return (
    <Badge tone={findingCount === 0 ? "ok" : "danger"}>
      {t("differences", { count: findingCount ?? 0 })}
    </Badge>
  );
}
