"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { BillingJson } from "#api/contract";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { FieldError } from "#ui/primitives/field";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { queryKeys } from "#ui/query-keys";
import { useFormat } from "#ui/use-format";

/** Cancel in two clicks: what stays until when, then it is done. */
export function CancelDialog({ billing: { subscription, plan, topUp } }: { billing: BillingJson }) {
  const t = useTranslations("billing.cancel");
  const names = useTranslations("pricing.plan");
  const format = useFormat();
  const problemText = useProblemText();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const cancel = useMutation({
    mutationFn: () => api.post<BillingJson>("/billing/cancel"),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: queryKeys.billing });
      setOpen(false);
      toast.done(t("done"));
    },
  });
  if (!subscription) return null;
  const date = format.date(subscription.currentPeriodEnd);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button variant="quiet">{t("action")}</Button>}
      title={t("title", { plan: names(plan.id) })}
      footer={
        <>
          <Button variant="secondary" onClick={() => setOpen(false)}>
            {t("keep")}
          </Button>
          <Button variant="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>
            {t("confirm")}
          </Button>
        </>
      }
    >
      <ul className="num grid list-disc gap-2 pl-5 text-14 text-text-2">
        <li>{t("until", { plan: names(plan.id), date })}</li>
        <li>{t(topUp.enabled ? "thenTopUp" : "then", { date })}</li>
        <li>{t("packs")}</li>
      </ul>
      <FieldError id="cancel" error={cancel.error ? problemText(cancel.error) : undefined} />
    </Dialog>
  );
}
