"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect, useId, useState } from "react";
import type { PlanChangePreviewJson, PlanStandingJson } from "#api/contract";
import { api, Problem } from "#ui/api";
import { ActDialog } from "#ui/office/act-dialog";
import { ActPreview } from "#ui/office/act-preview";
import { Field } from "#ui/primitives/field";
import { Select } from "#ui/primitives/select";
import { toast } from "#ui/primitives/toast";
import { useFormat } from "#ui/use-format";
import { useNotDoneText } from "./outcome";
import { type PlanDialogProps, usePlanName, useStanding, useStripeAct } from "./standing";

type Offer = PlanStandingJson["plans"][number];

/** Another plan for a customer, with what their card is charged now and later. */
export function ChangePlanDialog({ customer: { id, name }, open, onOpenChange }: PlanDialogProps) {
  const t = useTranslations("officeActs.plan.change");
  const format = useFormat();
  const planName = usePlanName();
  const field = useId();
  const [chosen, setChosen] = useState("");
  useEffect(() => {
    if (!open) setChosen("");
  }, [open]);
  const standing = useStanding(id, open);
  const { plans = [], currency = "usd" } = standing.data ?? {};
  const offer = plans.find((one) => nameOf(one) === chosen);
  const path = `/admin/customers/${id}/subscription`;
  const preview = useQuery({
    queryKey: ["office", "subscription", id, "preview", chosen],
    queryFn: ({ signal }) => api.post<PlanChangePreviewJson>(`${path}/preview`, wantedOf(offer), { signal }),
    enabled: open && offer !== undefined,
    retry: false,
    staleTime: 0,
  });
  const act = useStripeAct(`${path}/change`);
  const notDone = useNotDoneText();
  const change = async (reason: string) => {
    try {
      const state = await act({ ...wantedOf(offer), priceId: preview.data?.priceId, reason });
      toast.done(t(state, { name }));
    } catch (error) {
      // Another price was published meanwhile: it is shown before it is charged.
      if (error instanceof Problem && error.code === "price_changed") void preview.refetch();
      throw error;
    }
  };
  const due = preview.data && format.money(preview.data.dueNowCents, preview.data.currency);
  const upgrade = preview.data?.kind === "upgrade";
  return (
    <ActDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("title", { name })}
      description={t("text")}
      act={due && upgrade ? t("charge", { money: due }) : t("act")}
      incomplete={!offer || !preview.data}
      onAct={change}
      explain={notDone}
    >
      <Field id={field} label={t("plan")} hint={standing.data && t("now", { plan: planName(standing.data) })}>
        <Select
          id={field}
          value={chosen}
          onChange={({ target }) => setChosen(target.value)}
          options={[
            { value: "", label: t("choose") },
            ...plans.map((one) => ({
              value: nameOf(one),
              label: `${planName(one)} · ${format.money(one.amountCents, currency)}`,
            })),
          ]}
        />
      </Field>
      {offer && (
        <ActPreview query={preview} failure={t("failure")}>
          {(data) => <Lines preview={data} />}
        </ActPreview>
      )}
    </ActDialog>
  );
}

function Lines({ preview }: { preview: PlanChangePreviewJson }) {
  const t = useTranslations("officeActs.plan.change");
  const format = useFormat();
  const { kind, dueNowCents, currency, creditsNow, creditsPerMonth, renewal, effectiveAt } = preview;
  return (
    <>
      {kind === "upgrade" ? (
        <>
          <li>{t("charged", { money: format.money(dueNowCents, currency) })}</li>
          <li>{t("creditsNow", { credits: format.credits(creditsNow) })}</li>
        </>
      ) : (
        <li>{t("later", { date: format.date(effectiveAt) })}</li>
      )}
      <li>
        {t("renewal", {
          date: format.date(renewal.at),
          money: format.money(renewal.amountCents, renewal.currency),
        })}
      </li>
      <li>{t("monthly", { credits: format.credits(creditsPerMonth) })}</li>
    </>
  );
}

function nameOf({ planId, interval }: Offer): string {
  return `${planId}:${interval}`;
}

function wantedOf(offer: Offer | undefined) {
  return { planId: offer?.planId, interval: offer?.interval };
}
