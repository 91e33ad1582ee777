"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { MoneyViewJson } from "#api/contract";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { Empty } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { totalsOf } from "./figures";
import { MovedChart, OwedChart } from "./money-credits";
import { RevenueChart } from "./money-revenue";
import { moneyQuery } from "./queries";

/** What was sold and given, what became of it and what is owed, at the moment of the last proof. */
export function MoneyView({ proof }: { proof: string | undefined }) {
  const t = useTranslations("office.ledger.money");
  const query = useQuery(moneyQuery(proof));
  return (
    <QueryState
      query={query}
      failure={t("failure")}
      skeleton={<Skeleton className="h-96 w-full rounded-card" />}
    >
      {(money) =>
        money.asOf === null ? (
          <Card>
            <Empty title={t("noneYet")} text={t("noneYetText")} />
          </Card>
        ) : (
          <>
            <Totals money={money} />
            <div className="grid gap-6 2xl:grid-cols-2">
              <RevenueChart revenue={money.revenue} until={money.asOf.slice(0, 7)} />
              <OwedChart owed={money.owed} />
            </div>
            <MovedChart moved={money.moved} />
          </>
        )
      }
    </QueryState>
  );
}

function Totals({ money }: { money: MoneyViewJson }) {
  const t = useTranslations("office.ledger.money");
  const format = useFormat();
  const { issued, sold, given, consumed, expired, reversed, outstanding } = totalsOf(money);
  return (
    <Card aria-labelledby="money">
      <CardHeader
        id="money"
        title={t("title")}
        hint={t("hint", { time: format.dateTime(money.asOf ?? ""), zone: format.timeZone })}
      />
      <CardBody>
        <dl
          className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 lg:grid-cols-6"
          data-testid="money-totals"
        >
          <Figure name={t("sold")} value={format.integer(sold)} />
          <Figure name={t("given")} value={format.integer(given)} />
          <Figure name={t("consumed")} value={format.integer(consumed)} />
          <Figure name={t("expired")} value={format.integer(expired)} />
          <Figure name={t("reversed")} value={format.integer(reversed)} />
          <Figure name={t("outstanding")} value={format.integer(outstanding)} />
        </dl>
        <p className="num pt-4 text-13 text-text-2">
          {t("equation", {
            issued: format.integer(issued),
            consumed: format.integer(consumed),
            expired: format.integer(expired),
            reversed: format.integer(reversed),
            outstanding: format.integer(outstanding),
          })}
        </p>
      </CardBody>
    </Card>
  );
}

function Figure({ name, value }: { name: string; value: ReactNode }) {
  return (
    <div className="grid gap-0.5">
      <dt className="text-13 text-text-2">{name}</dt>
      <dd className="num text-20 font-semibold text-text">{value}</dd>
    </div>
  );
}
