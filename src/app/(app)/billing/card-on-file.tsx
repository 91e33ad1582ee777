import { CreditCard } from "lucide-react";
import { useTranslations } from "next-intl";
import type { BillingJson } from "#api/contract";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { PortalButton } from "./portal-button";

/** The card that is charged, by its last four figures; we never see the rest. */
export function CardOnFile({ billing }: { billing: BillingJson }) {
  const t = useTranslations("billing.card");
  const { card } = billing;
  return (
    <Card>
      <CardHeader title={t("title")} />
      <CardBody className="flex flex-wrap items-center justify-between gap-3">
        {card ? (
          <p className="num flex items-center gap-2.5 text-14">
            <CreditCard aria-hidden="true" className="size-5 text-text-3" strokeWidth={1.75} />
            <span>
              <span className="capitalize">{card.brand}</span> •••• {card.last4}
              <span className="block text-13 text-text-3">
                {t("expires", {
                  month: String(card.expMonth).padStart(2, "0"),
                  year: String(card.expYear),
                })}
              </span>
            </span>
          </p>
        ) : (
          <p className="text-14 text-text-2">{t("none")}</p>
        )}
        {billing.sells && (card || billing.subscription) && <PortalButton>{t("change")}</PortalButton>}
      </CardBody>
    </Card>
  );
}
