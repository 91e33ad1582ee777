import { useTranslations } from "next-intl";
import type { BillingJson } from "#api/contract";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { useFormat } from "#ui/use-format";

/** What happens next and when, soonest first. */
export function NextSteps({ billing }: { billing: BillingJson }) {
  const { next, subscription, topUp } = billing;
  const t = useTranslations("billing.next");
  const plan = useTranslations("pricing.plan");
  const format = useFormat();
  return (
    <Card>
      <CardHeader title={t("title")} />
      <CardBody>
        {next.length === 0 ? (
          <p className="text-14 text-text-2">{t("nothing")}</p>
        ) : (
          <ol className="grid gap-3">
            {next.map(({ kind, at, planId, credits, amountCents, currency }) => (
              <li key={`${kind}-${at}`} className="grid grid-cols-[7.25rem_minmax(0,1fr)] gap-3 text-14">
                <span className="num text-text-3">{format.date(at)}</span>
                <span className="num">
                  {t(kind, {
                    plan: plan(planId),
                    credits: format.credits(credits ?? 0),
                    money: amountCents !== null && currency ? format.money(amountCents, currency) : "",
                  })}
                </span>
              </li>
            ))}
          </ol>
        )}
        {next.length > 0 && !subscription && !topUp.enabled && (
          <p className="mt-3 text-13 text-text-3">{t("noCharge")}</p>
        )}
      </CardBody>
    </Card>
  );
}
