"use client";

import { useTranslations } from "next-intl";
import type { Entry } from "#ledger";
import { type ToolName, useWords } from "#ui/credits/words";
import { Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import type { Plain } from "#ui/plain";
import { Card } from "#ui/primitives/card";
import { Empty } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { TabPages } from "./tab-pages";

type Row = Plain<Entry>;

type CreditsTabProps = {
  entries: readonly Row[];
  tools: readonly ToolName[];
  older: string | null;
  turned: boolean;
};

/** The customer's journal, as they see it themselves. */
export function CreditsTab({ entries, tools, older, turned }: CreditsTabProps) {
  const t = useTranslations("credits");
  const office = useTranslations("office.customer");
  const words = useWords(tools);
  const format = useFormat();
  const columns: Column<Row>[] = [
    { key: "entry", header: t("column.entry"), mobile: "title", cell: (entry) => words.entry(entry).text },
    {
      key: "reference",
      header: office("column.reference"),
      cell: ({ reference }) => (
        <span className="font-mono text-12 wrap-anywhere text-text-2">{reference?.id ?? "—"}</span>
      ),
    },
    {
      key: "lot",
      header: t("column.lot"),
      cell: ({ source }) => <span className="text-text-2">{words.lot(source)}</span>,
    },
    {
      key: "time",
      header: t("column.time"),
      width: "w-44",
      cell: ({ createdAt }) => <Time at={createdAt} show="dateTime" />,
    },
    {
      key: "amount",
      header: t("column.amount"),
      align: "right",
      mobile: "corner",
      cell: ({ credits }) => <span className="font-medium">{format.signed(credits)}</span>,
    },
    {
      key: "balance",
      header: t("column.balance"),
      align: "right",
      cell: ({ totalAfter }) => <span className="text-text-2">{format.integer(totalAfter)}</span>,
    },
  ];
  if (entries.length === 0) {
    return (
      <Card>
        <Empty title={office("noCredits")} />
      </Card>
    );
  }
  return (
    <Card aria-label={office("tab.credits")}>
      <Table
        label={office("tab.credits")}
        columns={columns}
        rows={entries}
        rowKey={({ seq }) => `${seq}`}
        dense
      />
      <TabPages label={office("pages")} older={older} turned={turned} />
    </Card>
  );
}
