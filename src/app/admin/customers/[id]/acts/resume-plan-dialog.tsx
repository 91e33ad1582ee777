"use client";

import { useTranslations } from "next-intl";
import type { PlanStandingJson } from "#api/contract";
import { ActDialog } from "#ui/office/act-dialog";
import { ActPreview } from "#ui/office/act-preview";
import { toast } from "#ui/primitives/toast";
import { useFormat } from "#ui/use-format";
import { useNotDoneText } from "./outcome";
import { type PlanDialogProps, useStanding, useStripeAct } from "./standing";

/** Takes back a plan's end, or a change that has not happened yet. */
export function ResumePlanDialog({ customer: { id, name }, open, onOpenChange }: PlanDialogProps) {
  const t = useTranslations("officeActs.plan.resume");
  const standing = useStanding(id, open);
  const act = useStripeAct(`/admin/customers/${id}/subscription/resume`);
  const notDone = useNotDoneText();
  const resume = async (reason: string) => {
    await act({ reason });
    toast.done(t("done", { name }));
  };
  return (
    <ActDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("title", { name })}
      description={t("text")}
      act={t("act")}
      incomplete={!standing.data?.pending}
      onAct={resume}
      explain={notDone}
    >
      <ActPreview query={standing} failure={t("failure")}>
        {(data) => <Lines standing={data} />}
      </ActPreview>
    </ActDialog>
  );
}

function Lines({ standing }: { standing: PlanStandingJson }) {
  const t = useTranslations("officeActs.plan.resume");
  const names = useTranslations("pricing.plan");
  const format = useFormat();
  const { planId, pending, periodEnd, amountCents, currency } = standing;
  if (!pending) return <li>{t("nothing")}</li>;
  const facts = {
    plan: names(pending.planId),
    date: format.date(pending.at ?? periodEnd),
  };
  return (
    <>
      <li>{t(`was.${pending.kind}`, facts)}</li>
      <li>
        {t("goesOn", {
          plan: names(planId),
          date: format.date(periodEnd),
          money: format.money(amountCents, currency),
        })}
      </li>
    </>
  );
}
