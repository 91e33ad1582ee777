"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { PlanStandingJson } from "#api/contract";
import { ActDialog } from "#ui/office/act-dialog";
import { ActPreview } from "#ui/office/act-preview";
import { Segmented } from "#ui/primitives/tabs";
import { toast } from "#ui/primitives/toast";
import { useFormat } from "#ui/use-format";
import { useNotDoneText } from "./outcome";
import { type PlanDialogProps, useStanding, useStripeAct } from "./standing";

type When = "period_end" | "now";

/** Ends a customer's plan when what was paid for ends, or now, with what that means. */
export function EndPlanDialog({ customer: { id, name }, open, onOpenChange }: PlanDialogProps) {
  const t = useTranslations("officeActs.plan.end");
  const [chosen, setChosen] = useState<When>("period_end");
  useEffect(() => {
    if (!open) setChosen("period_end");
  }, [open]);
  const standing = useStanding(id, open);
  const { endsAtOnce = false, pending = null } = standing.data ?? {};
  // Its end is set already, or nothing is paid for: only now is left.
  const onlyNow = endsAtOnce || pending?.kind === "cancel";
  const when = onlyNow ? "now" : chosen;
  const act = useStripeAct(`/admin/customers/${id}/subscription/end`);
  const notDone = useNotDoneText();
  const end = async (reason: string) => {
    await act({ when, reason });
    toast.done(t(when === "now" ? "doneNow" : "done", { name }));
  };
  return (
    <ActDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("title", { name })}
      description={t("text")}
      act={t(when === "now" ? "actNow" : "act")}
      danger
      incomplete={!standing.data}
      onAct={end}
      explain={notDone}
    >
      {standing.data && !onlyNow && (
        <Segmented
          label={t("when")}
          className="justify-self-start"
          value={when}
          onValueChange={setChosen}
          options={[
            { value: "period_end", label: t("atEnd") },
            { value: "now", label: t("atOnce") },
          ]}
        />
      )}
      <ActPreview query={standing} failure={t("failure")}>
        {(data) => <Lines when={when} standing={data} />}
      </ActPreview>
    </ActDialog>
  );
}

function Lines({ when, standing }: { when: When; standing: PlanStandingJson }) {
  const t = useTranslations("officeActs.plan.end");
  const names = useTranslations("pricing.plan");
  const format = useFormat();
  const { planId, periodEnd, trial, owedCents, currency, autoTopUp, endsAtOnce } = standing;
  const facts = { plan: names(planId), date: format.date(periodEnd) };
  return (
    <>
      {when === "period_end" ? (
        <>
          <li>{t("stays", facts)}</li>
          <li>{t("then")}</li>
          <li>{t("takenBack")}</li>
        </>
      ) : (
        <>
          <li>{t("free", facts)}</li>
          {trial ? (
            <li>{t("trial")}</li>
          ) : (
            <>
              {!endsAtOnce && <li className="font-medium text-danger">{t("noMoney", facts)}</li>}
              <li>{t("credits")}</li>
            </>
          )}
          <li>{t("final")}</li>
        </>
      )}
      {owedCents !== null && <li>{t("owed", { money: format.money(owedCents, currency) })}</li>}
      {autoTopUp && <li>{t("topUp")}</li>}
    </>
  );
}
