"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Flag } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";
import type { OfficeReportJson } from "#api/contract";
import { api } from "#ui/api";
import { MonoId, Time } from "#ui/data/cells";
import { TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import type { ToolNames } from "#ui/office/tool-names";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { Select } from "#ui/primitives/select";
import { QueryState } from "#ui/state/query-state";
import { Empty } from "#ui/state/states";
import { DecideDialog, type Decision } from "./decide-dialog";
import { ResultSheet } from "./result-sheet";

const statuses = ["open", "dismissed", "removed"] as const;

type ReportsViewProps = { tools: ToolNames; mayDecide: boolean; maySeeCustomers: boolean };
type Chosen = { report: OfficeReportJson; act: Decision | "look" };

/** The queue: open ones first, each with a look at its result and a decision. */
export function ReportsView({ tools, mayDecide, maySeeCustomers }: ReportsViewProps) {
  const t = useTranslations("officeReports");
  const [{ status, cursor }, set] = useQueryStates(
    { status: parseAsStringLiteral(statuses).withDefault("open"), cursor: parseAsString },
    { history: "push" },
  );
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const page = useQuery({
    queryKey: ["office", "reports", status, cursor],
    queryFn: ({ signal }) =>
      api.get<{ data: OfficeReportJson[]; nextCursor: string | null }>("/admin/reports", {
        signal,
        query: { status, cursor },
      }),
    placeholderData: keepPreviousData,
  });
  const close = () => setChosen(null);
  return (
    <div className="grid gap-4">
      <Select
        aria-label={t("status.label")}
        value={status}
        onChange={({ target }) =>
          void set({ status: statuses.find((one) => one === target.value) ?? "open", cursor: null })
        }
        options={statuses.map((value) => ({ value, label: t(`status.${value}`) }))}
        className="w-auto max-w-56 justify-self-start text-13 font-medium"
      />
      <Card aria-label={t("title")} aria-busy={page.isPlaceholderData}>
        <QueryState query={page} failure={t("failure")} skeleton={<TableSkeleton columns={3} rows={5} />}>
          {({ data, nextCursor }) => (
            <>
              {data.length === 0 && (
                <Empty
                  icon={<Flag strokeWidth={1.75} />}
                  title={t(status === "open" ? "empty" : "emptyDecided")}
                  text={t("emptyText")}
                />
              )}
              <ul className="divide-y divide-line">
                {data.map((report) => (
                  <ReportRow
                    key={report.id}
                    report={report}
                    tool={tools.find(({ slug }) => slug === report.tool)?.name ?? report.tool}
                    linked={maySeeCustomers}
                    mayDecide={mayDecide}
                    onAct={(act) => setChosen({ report, act })}
                  />
                ))}
              </ul>
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
      {chosen?.act === "look" && <ResultSheet report={chosen.report} onClose={close} />}
      {chosen && chosen.act !== "look" && (
        <DecideDialog report={chosen.report} decision={chosen.act} onClose={close} />
      )}
    </div>
  );
}

type ReportRowProps = {
  report: OfficeReportJson;
  tool: string;
  linked: boolean;
  mayDecide: boolean;
  onAct: (act: Chosen["act"]) => void;
};

function ReportRow({ report, tool, linked, mayDecide, onAct }: ReportRowProps) {
  const t = useTranslations("officeReports");
  const reasons = useTranslations("runs.report.reason");
  const { status, hasResult, words, customerId, customerMail, runId, createdAt } = report;
  return (
    <li className="grid gap-3 px-4 py-4 sm:px-5" data-testid="report">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-14 font-medium text-text">{reasons(report.reason)}</span>
        {status === "removed" && <Badge>{t("status.removed")}</Badge>}
        {status === "dismissed" && <Badge>{t("status.dismissed")}</Badge>}
        <span className="text-13 text-text-2">{tool}</span>
        <Time at={createdAt} className="sm:ml-auto" />
      </div>
      {words && <p className="max-w-prose text-14 wrap-anywhere whitespace-pre-wrap text-text-2">{words}</p>}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-13 text-text-3">
        <span>
          {t("by")}{" "}
          {linked ? (
            <Link
              href={`/admin/customers/${customerId}`}
              className="wrap-anywhere text-text-2 underline-offset-4 hover:underline"
            >
              {customerMail}
            </Link>
          ) : (
            customerMail
          )}
        </span>
        <MonoId id={runId} label={t("run")} short />
        {!hasResult && <span>{t("gone")}</span>}
      </div>
      <div className="flex flex-wrap gap-2">
        {hasResult && (
          <Button variant="secondary" size="sm" onClick={() => onAct("look")}>
            {t("look")}
          </Button>
        )}
        {mayDecide && status === "open" && (
          <>
            <Button variant="secondary" size="sm" onClick={() => onAct("dismissed")}>
              {t("dismiss")}
            </Button>
            {hasResult && (
              <Button variant="danger" size="sm" onClick={() => onAct("removed")}>
                {t("remove")}
              </Button>
            )}
            {linked && (
              <Button asChild variant="quiet" size="sm">
                <Link href={`/admin/customers/${customerId}`}>{t("suspend")}</Link>
              </Button>
            )}
          </>
        )}
      </div>
    </li>
  );
}
