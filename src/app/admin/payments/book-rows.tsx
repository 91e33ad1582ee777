"use client";

import { ExternalLink } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { BookLineJson } from "#api/contract";
import { Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { Badge } from "#ui/primitives/badge";
import { useFormat } from "#ui/use-format";
import type { Book } from "./filter";

type Row = BookLineJson;

/** One of the four lists as rows: whose, for what, what became of it, how much. */
export function BookRows({ book, lines }: { book: Book; lines: readonly Row[] }) {
  const t = useTranslations("officePayments");
  const reasons = useTranslations("billing.invoices.reason");
  const format = useFormat();
  const back = book === "refunds" || book === "disputes";
  const columns: Column<Row>[] = [
    {
      key: "customer",
      header: t("column.customer"),
      mobile: "title",
      cell: ({ customerId, customerMail, accountId }) =>
        customerId ? (
          <Link
            href={`/admin/customers/${customerId}?tab=payments`}
            className="wrap-anywhere font-medium underline-offset-4 hover:underline"
          >
            {customerMail}
          </Link>
        ) : (
          <span className="font-mono text-12 wrap-anywhere text-text-3">{accountId}</span>
        ),
    },
    {
      key: "kind",
      header: t("column.kind"),
      cell: ({ kind }) => <span className="whitespace-nowrap">{reasons(kind)}</span>,
    },
    { key: "state", header: t("column.state"), cell: ({ state }) => <State state={state} /> },
    ...(back
      ? [{ key: "reason", header: t("column.reason"), cell: ({ reason }: Row) => <Reason reason={reason} /> }]
      : []),
    ...(book === "disputes"
      ? [{ key: "due", header: t("column.due"), cell: (row: Row) => <Due row={row} /> }]
      : []),
    { key: "number", header: t("column.invoice"), cell: (row) => <Invoice row={row} /> },
    { key: "time", header: t(`time.${book}`), cell: ({ at }) => <Time at={at} show="dateTime" /> },
    ...(back
      ? []
      : [
          {
            key: "refunded",
            header: t("column.refunded"),
            align: "right" as const,
            cell: ({ refundedCents, currency }: Row) =>
              refundedCents > 0 ? format.money(refundedCents, currency) : "—",
          },
        ]),
    {
      key: "amount",
      header: t("column.amount"),
      align: "right",
      mobile: "corner",
      cell: ({ amountCents, currency }) => (
        <span className="font-medium">{format.money(amountCents, currency)}</span>
      ),
    },
  ];
  return <Table label={t(`list.${book}`)} columns={columns} rows={lines} rowKey={({ id }) => id} dense />;
}

const tones: Record<string, "neutral" | "hold" | "danger" | "info"> = {
  ...{ open: "hold", partly_refunded: "hold", refunded: "hold", pending: "info", under_review: "info" },
  ...{
    disputed: "danger",
    lost: "danger",
    needs_response: "danger",
    failed: "danger",
    uncollectible: "danger",
  },
};

const known = [
  ...["paid", "partly_refunded", "refunded", "disputed", "lost", "open", "uncollectible", "void"],
  ...["succeeded", "pending", "failed", "needs_response", "under_review", "won"],
] as const;

function State({ state }: Pick<Row, "state">) {
  const t = useTranslations("officePayments.state");
  const name = known.find((one) => one === state);
  return <Badge tone={tones[state] ?? "neutral"}>{name ? t(name) : state}</Badge>;
}

const reasonsOfStripe = [
  ...["bank_cannot_process", "check_returned", "credit_not_processed", "customer_initiated"],
  ...["debit_not_authorized", "duplicate", "expired_uncaptured_charge", "fraudulent", "general"],
  ...["incorrect_account_details", "insufficient_funds", "noncompliant", "product_not_received"],
  ...["product_unacceptable", "requested_by_customer", "subscription_canceled", "unrecognized"],
] as const;

/** Stripe's word in the reader's; one that is new to us stays as it is. */
function Reason({ reason }: Pick<Row, "reason">) {
  const t = useTranslations("officePayments.why");
  if (!reason) return <span className="text-text-3">—</span>;
  const name = reasonsOfStripe.find((one) => one === reason);
  return <span className="text-text-2">{name ? t(name) : reason.replaceAll("_", " ")}</span>;
}

/** Until when a dispute can be answered. */
function Due({ row: { dueAt, state } }: { row: Row }) {
  if (!dueAt || state !== "needs_response") return <span className="text-text-3">—</span>;
  return <Time at={dueAt} show="dateTime" className="font-medium text-danger" />;
}

function Invoice({ row: { number, invoiceId, stripeUrl } }: { row: Row }) {
  const t = useTranslations("officePayments");
  const text = (
    <span className="font-mono text-12 wrap-anywhere text-text-2 sm:whitespace-nowrap">
      {number ?? invoiceId}
    </span>
  );
  if (!stripeUrl) return text;
  return (
    <a
      href={stripeUrl}
      target="_blank"
      rel="noreferrer"
      aria-label={t("stripePage", { number: number ?? invoiceId })}
      className="inline-flex items-center gap-1 underline-offset-4 hover:underline"
    >
      {text}
      <ExternalLink aria-hidden="true" className="size-3.5 shrink-0 text-text-3" strokeWidth={1.75} />
    </a>
  );
}
