"use client";

import { useTranslations } from "next-intl";
import { MonoId, Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { type RunStatus, Status } from "#ui/primitives/badge";
import { Card } from "#ui/primitives/card";
import { Empty } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { TabPages } from "./tab-pages";

type Row = {
  id: string;
  tool: string;
  status: RunStatus;
  held: number;
  charged: number;
  errorCode: string | null;
  createdAt: string;
};

type RunsTabProps = {
  runs: readonly Row[];
  tools: readonly { slug: string; name: string }[];
  older: string | null;
  turned: boolean;
};

/** The customer's runs, without what went in and came out: that is theirs. */
export function RunsTab({ runs, tools, older, turned }: RunsTabProps) {
  const t = useTranslations("office.customer");
  const format = useFormat();
  const columns: Column<Row>[] = [
    {
      key: "tool",
      header: t("column.tool"),
      mobile: "title",
      cell: ({ tool }) => tools.find(({ slug }) => slug === tool)?.name ?? tool,
    },
    {
      key: "status",
      header: t("column.status"),
      mobile: "corner",
      cell: ({ status }) => <Status status={status} />,
    },
    {
      key: "error",
      header: t("column.error"),
      cell: ({ errorCode }) => <span className="font-mono text-12 text-text-2">{errorCode ?? "—"}</span>,
    },
    { key: "id", header: t("column.id"), cell: ({ id }) => <MonoId id={id} label={t("column.id")} /> },
    {
      key: "time",
      header: t("column.time"),
      width: "w-44",
      cell: ({ createdAt }) => <Time at={createdAt} show="dateTime" />,
    },
    { key: "held", header: t("column.held"), align: "right", cell: ({ held }) => format.integer(held) },
    {
      key: "charged",
      header: t("column.charged"),
      align: "right",
      cell: ({ charged }) => format.integer(charged),
    },
  ];
  if (runs.length === 0) {
    return (
      <Card>
        <Empty title={t("noRuns")} />
      </Card>
    );
  }
  return (
    <Card aria-label={t("tab.runs")}>
      <Table label={t("tab.runs")} columns={columns} rows={runs} rowKey={({ id }) => id} dense />
      <TabPages label={t("pages")} older={older} turned={turned} />
    </Card>
  );
}
