"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useId, useState } from "react";
import type { RefundJson, RefundPreviewJson } from "#api/contract";
import { parseMinor } from "#format";
import { api } from "#ui/api";
import { useIntention } from "#ui/intention";
import { ActDialog } from "#ui/office/act-dialog";
import { ActPreview } from "#ui/office/act-preview";
import { describedBy, Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { toast } from "#ui/primitives/toast";
import { useFormat } from "#ui/use-format";

type RefundDialogProps = {
  customerId: string;
  invoice: { id: string; number: string | null; currency: string };
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

/** Pays an invoice back, whole or in part, with what that takes back in credits. */
export function RefundDialog({ customerId, invoice, open, onOpenChange }: RefundDialogProps) {
  const t = useTranslations("officeActs.refund");
  const router = useRouter();
  const format = useFormat();
  const intention = useIntention();
  const id = useId();
  const [text, setText] = useState("");
  useEffect(() => {
    if (!open) setText("");
  }, [open]);
  const { currency } = invoice;
  const amountCents = centsOf(text, currency);
  const path = `/admin/customers/${customerId}/invoices/${invoice.id}/refunds`;
  const preview = useQuery({
    queryKey: ["office", "refund", invoice.id, amountCents],
    queryFn: ({ signal }) => api.post<RefundPreviewJson>(`${path}/preview`, { amountCents }, { signal }),
    enabled: open && amountCents !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
  });
  const known = preview.data;
  const refund = async (reason: string) => {
    const body = { amountCents: known?.amountCents ?? null, reason };
    const made = await api.post<RefundJson>(path, body, { idempotencyKey: intention.keyFor(body) });
    if (made.status !== "asked") intention.done();
    const money = format.money(made.amountCents, made.currency);
    if (made.status === "refused") throw new Refused(made.error ?? "");
    toast.done(t(made.status, { money }));
    router.refresh();
  };
  const wrong = amountCents === undefined ? t("amountWrong") : undefined;
  return (
    <ActDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("title", { invoice: invoice.number ?? invoice.id })}
      description={t("text")}
      act={known ? t("act", { money: format.money(known.amountCents, currency) }) : t("open")}
      danger
      incomplete={!known || preview.isPlaceholderData || preview.isError || wrong !== undefined}
      onAct={refund}
      explain={(error) => (error instanceof Refused ? t("refused", { code: error.message }) : null)}
    >
      <Field
        id={`${id}-amount`}
        label={t("amount", { currency: currency.toUpperCase() })}
        hint={t("amountHint")}
        error={wrong}
      >
        <Input
          inputMode="decimal"
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="num"
          {...describedBy(`${id}-amount`, { hint: true, error: wrong })}
        />
      </Field>
      <ActPreview query={preview} failure={t("failure")}>
        {(data) => <Lines preview={data} />}
      </ActPreview>
    </ActDialog>
  );
}

function Lines({ preview }: { preview: RefundPreviewJson }) {
  const t = useTranslations("officeActs.refund");
  const format = useFormat();
  const { currency, totalCents, refundedCents, amountCents, granted, takesBack, spent } = preview;
  const money = (cents: number) => format.money(cents, currency);
  return (
    <>
      <li>{t("paysBack", { money: money(amountCents), total: money(totalCents) })}</li>
      {refundedCents > 0 && <li>{t("before", { money: money(refundedCents) })}</li>}
      <li>{granted === 0 ? t("noCredits") : t("takesBack", { credits: format.credits(takesBack) })}</li>
      {spent > 0 && (
        <li className="font-medium text-danger">{t("spent", { credits: format.credits(spent) })}</li>
      )}
    </>
  );
}

/** Stripe said no; its message is Stripe's code. */
class Refused extends Error {}

/** Null for all that is left, undefined for what is no amount. */
function centsOf(text: string, currency: string): number | null | undefined {
  if (text.trim() === "") return null;
  return parseMinor(text, currency) ?? undefined;
}
