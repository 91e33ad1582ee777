"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { Customer, CustomerPlan } from "#insight";
import type { Balance } from "#ledger";
import { LotMark, LotsBar } from "#ui/credits/lots-bar";
import { MonoId, Time } from "#ui/data/cells";
import type { Plain } from "#ui/plain";
import { Badge } from "#ui/primitives/badge";
import { Card, PageHeader } from "#ui/primitives/card";
import { useFormat } from "#ui/use-format";
import { CustomerFlags } from "./customer-flags";
import { PaidFact, PlanFact } from "./plan-facts";

type CustomerHeaderProps = {
  customer: Plain<Customer>;
  balance: Plain<Balance> | null;
  plan: Plain<CustomerPlan> | null;
  suspended: boolean;
  /** What whoever looks may do, as buttons. */
  acts: ReactNode;
};

/** Who they are, what they have, and what one should know at once. */
export function CustomerHeader({ customer, balance, plan, suspended, acts }: CustomerHeaderProps) {
  const t = useTranslations("office.customer");
  const words = useTranslations("officeActs");
  const format = useFormat();
  const { id, accountId, name, email, createdAt, locale, timeZone } = customer;
  return (
    <div>
      <PageHeader
        eyebrow={t("title")}
        title={<span className="wrap-anywhere">{name || email}</span>}
        description={
          <span className="flex flex-wrap items-center gap-2">
            <span className="mr-1 wrap-anywhere">{email}</span>
            {suspended && <Badge tone="danger">{words("suspended")}</Badge>}
            <CustomerFlags customer={customer} plan={plan} />
          </span>
        }
        actions={acts}
      />
      <Card aria-label={t("facts")}>
        <dl className="grid grid-cols-2 gap-x-6 gap-y-4 px-4 py-4 sm:px-5 lg:grid-cols-4">
          <Fact name={t("available")}>
            <span className="num text-20 font-semibold">{format.integer(balance?.available ?? 0)}</span>
          </Fact>
          <Fact name={t("onHold")}>
            <span className="num text-20 font-semibold">{format.integer(balance?.held ?? 0)}</span>
          </Fact>
          {plan && (
            <>
              <Fact name={t("plan")}>
                <PlanFact plan={plan} />
              </Fact>
              <Fact name={t("paid")}>
                <PaidFact paid={plan.paid} />
              </Fact>
            </>
          )}
          <Fact name={t("since")}>
            <Time at={createdAt} show="dateTime" />
          </Fact>
          <Fact name={t("prefers")}>
            {locale === "zh" ? "简体中文" : "English"} · {timeZone}
          </Fact>
          <Fact name={t("ids")}>
            <MonoId id={id} label={t("userId")} short />
            {accountId && <MonoId id={accountId} label={t("accountId")} short />}
          </Fact>
        </dl>
        {balance && balance.lots.length > 0 && (
          <div className="grid gap-2 border-t border-line px-4 py-3.5 sm:px-5">
            <LotsBar lots={balance.lots} />
            <Lots lots={balance.lots} />
          </div>
        )}
      </Card>
    </div>
  );
}

/** So many lots are named; the tab Credits has all. */
const namedLots = 4;

/** What the bar shows, in words: each lot with what is left of it and until when. */
function Lots({ lots }: { lots: Plain<Balance>["lots"] }) {
  const t = useTranslations("common.credits");
  const format = useFormat();
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-12 text-text-3">
      {lots.slice(0, namedLots).map((lot, place) => (
        <li key={lot.grantId} className="inline-flex items-center gap-1.5">
          <LotMark place={place} />
          <span className="text-text-2">{t(`source.${lot.source}`)}</span>
          <span className="num">
            {t("ofTotal", { remaining: format.integer(lot.remaining), total: format.credits(lot.credits) })}
          </span>
          · {lot.expiresAt ? t("expires", { date: format.date(lot.expiresAt) }) : t("never")}
        </li>
      ))}
      {lots.length > namedLots && <li>+{lots.length - namedLots}</li>}
    </ul>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid content-start gap-0.5 text-13">
      <dt className="text-text-2">{name}</dt>
      <dd className="grid justify-items-start text-text">{children}</dd>
    </div>
  );
}
