"use client";

import { Coins } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#ui/primitives/button";
import { AdjustSheet } from "./adjust-sheet";

type CustomerActsProps = { customer: { id: string; name: string; available: number } };

/** What staff may do for this customer, each in a sheet with its preview. */
export function CustomerActs({ customer }: CustomerActsProps) {
  const t = useTranslations("officeCustomers.adjust");
  const [adjusting, setAdjusting] = useState(false);
  return (
    <>
      <Button variant="secondary" onClick={() => setAdjusting(true)}>
        <Coins aria-hidden="true" strokeWidth={1.75} />
        {t("open")}
      </Button>
      <AdjustSheet open={adjusting} onOpenChange={setAdjusting} customer={customer} />
    </>
  );
}
