"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { CustomerPayment } from "#insight";
import type { Plain } from "#ui/plain";
import { Button } from "#ui/primitives/button";
import type { InvoiceAct } from "./possible";
import { RefundDialog } from "./refund-dialog";
import { RetryDialog } from "./retry-dialog";

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
  const act = fitting(invoice);
  if (!act || !may.includes(act)) return null;
  const shared = { customerId, invoice, open, onOpenChange: setOpen };
  return (
    <>
      <Button variant="quiet" size="sm" onClick={() => setOpen(true)}>
        {t(`${act}.open`)}
      </Button>
      {act === "refund" ? <RefundDialog {...shared} /> : <RetryDialog {...shared} />}
    </>
  );
}

/** What an invoice is there for: to be paid, or to be paid back. */
function fitting({ status, dispute, totalCents, refundedCents }: Plain<CustomerPayment>): InvoiceAct | null {
  if (status === "open") return "retry";
  const disputed = dispute === "open" || dispute === "lost";
  return status === "paid" && !disputed && refundedCents < totalCents ? "refund" : null;
}
