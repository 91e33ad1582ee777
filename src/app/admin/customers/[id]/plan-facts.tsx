"use client";

import { useTranslations } from "next-intl";
import { meanings } from "#billing/access";
import type { CustomerPlan } from "#insight";
import type { Plain } from "#ui/plain";
import { Badge } from "#ui/primitives/badge";
import { useFormat } from "#ui/use-format";

/** The plan that holds, where its subscription stands, and until when it is paid. */
export function PlanFact({ plan: { planId, subscription } }: { plan: Plain<CustomerPlan> }) {
  const names = useTranslations("pricing.plan");
  const status = useTranslations("billing.plan.status");
  return (
    <>
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="text-16 font-semibold">{names(planId)}</span>
        {subscription && (
          <Badge tone={tones[meanings[subscription.status].mark ?? "none"]}>
            {status(subscription.status)}
          </Badge>
        )}
      </span>
      {subscription && <PaidUntil holds={planId} subscription={subscription} />}
    </>
  );
}

const tones = { none: "neutral", notice: "info", warning: "hold" } as const;

type PaidUntilProps = {
  holds: CustomerPlan["planId"];
  subscription: NonNullable<Plain<CustomerPlan>["subscription"]>;
};

function PaidUntil({ holds, subscription }: PaidUntilProps) {
  const t = useTranslations("office.customer");
  const names = useTranslations("pricing.plan");
  const format = useFormat();
  const { planId, status, interval, amountCents, currency, periodEnd, endsAt } = subscription;
  const money = format.money(amountCents, currency);
  const end = meanings[status].trial ? "trialUntil" : "renews";
  return (
    <span className="num text-text-2">
      {/* Unpaid, it allows no more than Free. */}
      {holds === planId ? "" : `${t("subscribedTo", { plan: names(planId) })} · `}
      {endsAt
        ? t("ends", { date: format.date(endsAt) })
        : t(end, { date: format.date(periodEnd), price: t(`price.${interval}`, { money }) })}
    </span>
  );
}

/** What has been paid and not paid back, in each currency. */
export function PaidFact({ paid }: { paid: Plain<CustomerPlan>["paid"] }) {
  const t = useTranslations("office.customer");
  const format = useFormat();
  if (paid.length === 0) return <span className="text-text-2">{t("nothingPaid")}</span>;
  return paid.map(({ currency, cents }) => (
    <span key={currency} className="num text-16 font-semibold">
      {format.money(cents, currency)}
    </span>
  ));
}
