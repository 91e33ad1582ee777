import { useTranslations } from "next-intl";
import type { BillingJson } from "#api/contract";
import { useCatalogue } from "#ui/billing/on-sale";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { useFormat } from "#ui/use-format";

/** What happens next and when, soonest first; and what auto top-up may charge meanwhile. */
export function NextSteps({ billing }: { billing: BillingJson }) {
  const { next, subscription, topUp } = billing;
  const t = useTranslations("billing.next");
  const plan = useTranslations("pricing.plan");
  const format = useFormat();
  return (
    <Card>
      <CardHeader title={t("title")} />
      <CardBody className="grid gap-3">
        {next.length === 0 ? (
          <p className="text-14 text-text-2">{t(topUp.enabled ? "nothingPlanned" : "nothing")}</p>
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
        {topUp.enabled && <MayCharge topUp={topUp} />}
        {next.length > 0 && !subscription && !topUp.enabled && (
          <p className="text-13 text-text-3">{t("noCharge")}</p>
        )}
      </CardBody>
    </Card>
  );
}

/** Its day cannot be known: it comes when the credits run low. */
function MayCharge({ topUp }: { topUp: BillingJson["topUp"] }) {
  const t = useTranslations("billing.next");
  const format = useFormat();
  const { packs } = useCatalogue();
  const { thresholdCredits, packId, monthlyLimitCents, currency, paused } = topUp;
  if (paused) return <p className="text-13 text-text-2">{t("topUpPaused")}</p>;
  const pack = packs.find(({ id }) => id === packId);
  if (!pack || !currency || thresholdCredits === null || monthlyLimitCents === null) return null;
  return (
    <p className="num text-13 text-text-2">
      {t("topUp", {
        threshold: format.credits(thresholdCredits),
        money: format.money(pack.prices[currency], currency),
        credits: format.credits(pack.credits + pack.bonus),
        limit: format.money(monthlyLimitCents, currency),
      })}
    </p>
  );
}
