"use client";

import { useTranslations } from "next-intl";
import type { MailJson } from "#api/contract";
import { Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { RowAct } from "#ui/office/row-act";
import { Badge } from "#ui/primitives/badge";

const tones = { failed: "danger", waiting: "info", sent: "neutral" } as const;

export function MailStatus({ status }: Pick<MailJson, "status">) {
  const t = useTranslations("officeOperations.mails.status");
  return <Badge tone={tones[status]}>{t(status)}</Badge>;
}

type MailRowsProps = {
  mails: readonly MailJson[];
  mayResend: boolean;
  onResend: (mail: MailJson) => Promise<void>;
  onOpen: (id: string) => void;
};

/** Mails as rows: to whom, of what kind, and what became of them. */
export function MailRows({ mails, mayResend, onResend, onOpen }: MailRowsProps) {
  const t = useTranslations("officeOperations.mails");
  const columns: Column<MailJson>[] = [
    {
      key: "subject",
      header: t("column.subject"),
      mobile: "title",
      cell: ({ id, subject }) => (
        <button
          type="button"
          className="py-1 text-left font-medium break-words underline-offset-4 hover:underline"
          onClick={() => onOpen(id)}
        >
          {subject}
        </button>
      ),
    },
    {
      key: "to",
      header: t("column.to"),
      cell: ({ recipient }) => <span className="wrap-anywhere">{recipient}</span>,
    },
    { key: "kind", header: t("column.kind"), cell: ({ kind }) => <code className="text-12">{kind}</code> },
    {
      key: "status",
      header: t("column.status"),
      mobile: "corner",
      cell: ({ status }) => <MailStatus status={status} />,
    },
    {
      key: "error",
      header: t("column.error"),
      cell: ({ error }) =>
        error ? (
          <code className="line-clamp-3 max-w-md text-12 break-words text-text-2">{error}</code>
        ) : (
          <span className="text-text-3">—</span>
        ),
    },
    {
      key: "time",
      header: t("column.time"),
      cell: ({ createdAt }) => <Time at={createdAt} show="dateTime" />,
    },
    ...(mayResend
      ? [
          {
            key: "resend",
            header: <span className="sr-only">{t("resend")}</span>,
            cell: (mail: MailJson) =>
              mail.status === "failed" && !mail.secret ? (
                <RowAct
                  label={t("resendTo", { to: mail.recipient })}
                  act={() => onResend(mail)}
                  done={t("resent")}
                >
                  {t("resend")}
                </RowAct>
              ) : null,
          },
        ]
      : []),
  ];
  return <Table label={t("title")} columns={columns} rows={mails} rowKey={({ id }) => id} dense />;
}
