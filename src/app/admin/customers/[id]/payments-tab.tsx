"use client";

import { useTranslations } from "next-intl";
import type { CustomerPayment } from "#insight";
import { Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import type { Plain } from "#ui/plain";
import { Badge } from "#ui/primitives/badge";
import { Card } from "#ui/primitives/card";
import { Empty } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { InvoiceActs } from "./acts/invoice-acts";
import type { InvoiceAct } from "./acts/possible";
import { TabPages } from "./tab-pages";

type Row = Plain<CustomerPayment>;

type PaymentsTabProps = {
  payments: readonly Row[];
  /** What whoever looks may do with an invoice. */
  acts: readonly InvoiceAct[];
  customerId: string;
  older: string | null;
  turned: boolean;
};

/** What the customer was asked to pay, for what, and what became of it. */
export function PaymentsTab({ payments, acts, customerId, older, turned }: PaymentsTabProps) {
  const t = useTranslations("office.customer");
  const words = useTranslations("officeActs");
  const format = useFormat();
  const columns: Column<Row>[] = [
    { key: "what", header: t("column.bought"), mobile: "title", cell: (row) => <Bought payment={row} /> },
    { key: "status", header: t("column.status"), cell: (row) => <State payment={row} /> },
    {
      key: "number",
      header: t("column.invoice"),
      cell: ({ number, id }) => (
        <span className="font-mono text-12 wrap-anywhere text-text-2">{number ?? id}</span>
      ),
    },
    {
      key: "time",
      header: t("column.time"),
      width: "w-44",
      cell: ({ createdAt }) => <Time at={createdAt} show="dateTime" />,
    },
    {
      key: "refunded",
      header: t("column.refunded"),
      align: "right",
      cell: ({ refundedCents, currency }) =>
        refundedCents > 0 ? format.money(refundedCents, currency) : "—",
    },
    {
      key: "amount",
      header: t("column.amount"),
      align: "right",
      mobile: "corner",
      cell: ({ totalCents, currency }) => (
        <span className="font-medium">{format.money(totalCents, currency)}</span>
      ),
    },
    {
      key: "acts",
      header: <span className="sr-only">{words("menu")}</span>,
      align: "right",
      cell: (row) => <InvoiceActs customerId={customerId} invoice={row} may={acts} />,
    },
  ];
  if (payments.length === 0) {
    return (
      <Card>
        <Empty title={t("noPayments")} text={t("noPaymentsText")} />
      </Card>
    );
  }
  return (
    <Card aria-label={t("tab.payments")}>
      <Table label={t("tab.payments")} columns={columns} rows={payments} rowKey={({ id }) => id} dense />
      <TabPages label={t("pages")} older={older} turned={turned} />
    </Card>
  );
}

/** "Pro, monthly", "Pack: 500 credits", "Auto top-up: 500 credits". */
function Bought({ payment: { bought, reason } }: { payment: Row }) {
  const t = useTranslations("office.customer");
  const reasons = useTranslations("billing.invoices.reason");
  const plans = useTranslations("pricing.plan");
  const format = useFormat();
  if (bought?.planId && bought.interval) {
    return <>{t(`planPaid.${bought.interval}`, { plan: plans(bought.planId) })}</>;
  }
  if (!bought) return <>{reasons(reason)}</>;
  return <>{t("creditsPaid", { what: reasons(reason), credits: format.credits(bought.credits) })}</>;
}

/** What became of the money; a dispute first, then what was paid back. */
function State({ payment: { status, dispute, refundedCents, totalCents } }: { payment: Row }) {
  const t = useTranslations("office.customer");
  const words = useTranslations("billing.invoices");
  if (dispute === "open" || dispute === "lost") {
    return <Badge tone="danger">{t(`dispute.${dispute}`)}</Badge>;
  }
  if (refundedCents > 0) {
    return <Badge tone="hold">{words(refundedCents < totalCents ? "partlyRefunded" : "refunded")}</Badge>;
  }
  const settled = status === "paid" || status === "void";
  return <Badge tone={settled ? "neutral" : "hold"}>{words(`status.${status}`)}</Badge>;
}
