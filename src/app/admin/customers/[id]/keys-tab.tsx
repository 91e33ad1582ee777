"use client";

import { useTranslations } from "next-intl";
import type { ApiKey } from "#identity";
import { Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import type { Plain } from "#ui/plain";
import { Badge } from "#ui/primitives/badge";
import { Card } from "#ui/primitives/card";
import { Empty } from "#ui/state/states";
import { useFormat } from "#ui/use-format";

type Row = Plain<ApiKey>;

/** The customer's API keys; what is shown of a secret is all that is known of it. */
export function KeysTab({ keys }: { keys: readonly Row[] }) {
  const t = useTranslations("office.customer");
  const format = useFormat();
  const columns: Column<Row>[] = [
    { key: "name", header: t("column.name"), mobile: "title", cell: ({ name }) => name },
    {
      key: "state",
      header: t("column.status"),
      mobile: "corner",
      cell: ({ revokedAt }) =>
        revokedAt ? <Badge>{t("revoked")}</Badge> : <Badge tone="ok">{t("live")}</Badge>,
    },
    {
      key: "hint",
      header: t("column.key"),
      cell: ({ hint }) => <span className="font-mono text-12">{hint}</span>,
    },
    {
      key: "cap",
      header: t("column.cap"),
      align: "right",
      cell: ({ cap, used }) =>
        cap === null
          ? "—"
          : `${format.integer((used?.spent ?? 0) + (used?.held ?? 0))} / ${format.integer(cap)}`,
    },
    {
      key: "used",
      header: t("column.lastUsed"),
      width: "w-44",
      cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} show="dateTime" /> : "—"),
    },
    {
      key: "made",
      header: t("column.made"),
      width: "w-44",
      cell: ({ createdAt }) => <Time at={createdAt} show="dateTime" />,
    },
  ];
  if (keys.length === 0) {
    return (
      <Card>
        <Empty title={t("noKeys")} />
      </Card>
    );
  }
  return (
    <Card aria-label={t("tab.keys")}>
      <Table label={t("tab.keys")} columns={columns} rows={keys} rowKey={({ id }) => id} dense />
    </Card>
  );
}
