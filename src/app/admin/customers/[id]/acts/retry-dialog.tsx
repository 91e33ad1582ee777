"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { RetryPreviewJson } from "#api/contract";
import { api } from "#ui/api";
import { ActDialog } from "#ui/office/act-dialog";
import { ActPreview } from "#ui/office/act-preview";
import { toast } from "#ui/primitives/toast";
import { useFormat } from "#ui/use-format";
import { useNotDoneText } from "./outcome";
import { useStripeAct } from "./standing";

type RetryDialogProps = {
  customerId: string;
  invoice: { id: string; number: string | null };
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

/** Charges an open invoice once more, with the card on file. */
export function RetryDialog({ customerId, invoice, open, onOpenChange }: RetryDialogProps) {
  const t = useTranslations("officeActs.retry");
  const format = useFormat();
  const path = `/admin/customers/${customerId}/invoices/${invoice.id}/retry`;
  const preview = useQuery({
    queryKey: ["office", "retry", invoice.id],
    queryFn: ({ signal }) => api.get<RetryPreviewJson>(path, { signal }),
    enabled: open,
    retry: false,
    staleTime: 0,
  });
  const act = useStripeAct(path);
  const notDone = useNotDoneText();
  const known = preview.data;
  const money = known && format.money(known.amountCents, known.currency);
  const retry = async (reason: string) => {
    const state = await act({ reason });
    toast.done(t(state, { money: money ?? "" }));
  };
  return (
    <ActDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("title", { invoice: invoice.number ?? invoice.id })}
      description={t("text")}
      act={money ? t("act", { money }) : t("open")}
      incomplete={!known}
      onAct={retry}
      explain={notDone}
    >
      <ActPreview query={preview} failure={t("failure")}>
        {(data) => <Lines preview={data} />}
      </ActPreview>
    </ActDialog>
  );
}

function Lines({ preview: { amountCents, currency, card } }: { preview: RetryPreviewJson }) {
  const t = useTranslations("officeActs.retry");
  const format = useFormat();
  const money = format.money(amountCents, currency);
  if (!card) return <li className="font-medium text-danger">{t("noCard")}</li>;
  const { brand, last4, expMonth, expYear } = card;
  const expiry = `${String(expMonth).padStart(2, "0")}/${expYear}`;
  return (
    <>
      <li>
        {t("charges", {
          money,
          card: `${brand.charAt(0).toUpperCase()}${brand.slice(1)} •••• ${last4}`,
          expiry,
        })}
      </li>
      <li>{t("once")}</li>
      <li>{t("follows")}</li>
    </>
  );
}
