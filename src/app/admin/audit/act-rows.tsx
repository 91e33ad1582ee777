"use client";

import { useTranslations } from "next-intl";
import type { ActJson } from "#api/contract";
import { Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { useActChanges } from "#ui/office/act-fields";
import { ChangeText, useActionName, useObjectType } from "#ui/office/act-words";

type ActRowsProps = { acts: readonly ActJson[]; onOpen: (id: string) => void };

/** Acts as rows; pressing one opens its sheet. */
export function ActRows({ acts, onOpen }: ActRowsProps) {
  const t = useTranslations("office.audit");
  const actionName = useActionName();
  const typeName = useObjectType();
  const changesOf = useActChanges();
  const columns: Column<ActJson>[] = [
    {
      key: "action",
      header: t("column.action"),
      mobile: "title",
      cell: ({ id, action }) => (
        <button
          type="button"
          onClick={() => onOpen(id)}
          className="text-left font-medium after:absolute after:inset-0 after:content-['']"
        >
          {actionName(action)}
        </button>
      ),
    },
    {
      key: "actor",
      header: t("column.actor"),
      cell: ({ actorMail, actorId }) => (
        <span className="wrap-break-word text-text-2 max-sm:wrap-anywhere">
          {actorMail ?? actorId ?? t("terminal")}
        </span>
      ),
    },
    {
      key: "object",
      header: t("column.object"),
      cell: ({ customerMail, objectType, objectId }) => (
        <span className="wrap-break-word text-text-2 max-sm:wrap-anywhere">
          {customerMail ?? `${typeName(objectType)} ${objectId}`}
        </span>
      ),
    },
    {
      key: "change",
      header: t("column.change"),
      cell: (act) => (
        <span className="grid max-sm:text-right">
          {changesOf(act)
            .slice(0, 2)
            .map((change) => (
              <ChangeText key={change.name} change={change} />
            ))}
        </span>
      ),
    },
    {
      key: "reason",
      header: t("column.reason"),
      cell: ({ reason }) => (
        <span className="line-clamp-2 text-text-2 max-sm:text-right">{reason ?? "—"}</span>
      ),
    },
    {
      key: "time",
      header: t("column.time"),
      width: "w-44",
      cell: ({ createdAt }) => <Time at={createdAt} show="dateTime" />,
    },
  ];
  return <Table label={t("title")} columns={columns} rows={acts} rowKey={({ id }) => id} dense />;
}
