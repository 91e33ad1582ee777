"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { CustomerPayment } from "#insight";
import type { Plain } from "#ui/plain";
import { Button } from "#ui/primitives/button";
import { RefundDialog } from "./refund-dialog";

export type InvoiceAct = "refund";

type InvoiceActsProps = {
  customerId: string;
  invoice: Plain<CustomerPayment>;
  /** What the role of whoever looks allows. */
  may: readonly InvoiceAct[];
};

/** What can be done with an invoice as it stands. */
export function InvoiceActs({ customerId, invoice, may }: InvoiceActsProps) {
  const t = useTranslations("officeActs");
  const [open, setOpen] = useState(false);
  const { status, dispute, totalCents, refundedCents } = invoice;
  const disputed = dispute === "open" || dispute === "lost";
  if (!may.includes("refund") || status !== "paid" || disputed || refundedCents >= totalCents) return null;
  return (
    <>
      <Button variant="quiet" size="sm" onClick={() => setOpen(true)}>
        {t("refund.open")}
      </Button>
      <RefundDialog customerId={customerId} invoice={invoice} open={open} onOpenChange={setOpen} />
    </>
  );
}
