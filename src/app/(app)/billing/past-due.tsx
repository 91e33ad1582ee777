import { useTranslations } from "next-intl";
import type { BillingJson } from "#api/contract";
import { Button } from "#ui/primitives/button";
import { useFormat } from "#ui/use-format";
import { PortalButton } from "./portal-button";

/** A payment that failed: how much, until when the plan stays, and the two ways on. */
export function PastDue({ pastDue }: { pastDue: NonNullable<BillingJson["pastDue"]> }) {
  const t = useTranslations("billing.pastDue");
  const format = useFormat();
  const money = format.money(pastDue.amountCents, pastDue.currency);
  return (
    <section
      role="status"
      className="flex flex-wrap items-center justify-between gap-4 rounded-card border border-danger/40 bg-danger-soft px-5 py-4"
    >
      <div className="grid gap-0.5">
        <p className="num text-14 font-semibold text-danger">{t("title", { money })}</p>
        <p className="num text-13 text-text">{t("text", { date: format.date(pastDue.graceEndsAt) })}</p>
      </div>
      <div className="flex flex-wrap gap-2">
        {pastDue.payUrl && (
          <Button asChild>
            <a href={pastDue.payUrl}>{t("pay", { money })}</a>
          </Button>
        )}
        <PortalButton>{t("card")}</PortalButton>
      </div>
    </section>
  );
}
