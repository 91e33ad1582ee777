"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { BalanceFigures, BalanceSkeleton } from "#ui/credits/balance-card";
import { balanceQuery } from "#ui/credits/queries";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";

/** The balance and its lots; it rolls when a run moves it. */
export function BalanceWidget() {
  const t = useTranslations("dashboard.balance");
  const query = useQuery(balanceQuery());
  return (
    <Card aria-labelledby="balance-title">
      <CardHeader id="balance-title" title={t("title")} />
      <QueryState
        query={query}
        failure={t("failure")}
        skeleton={
          <CardBody>
            <BalanceSkeleton />
          </CardBody>
        }
      >
        {(balance) => (
          <CardBody>
            <BalanceFigures
              balance={balance}
              more={
                <Link
                  href="/credits"
                  className="group inline-flex items-center gap-1.5 border-t border-line pt-3 text-13 font-medium text-text hover:underline hover:underline-offset-3"
                >
                  {t("history")}
                  <ArrowRight aria-hidden="true" className="size-4 text-text-3" strokeWidth={1.75} />
                </Link>
              }
            />
          </CardBody>
        )}
      </QueryState>
    </Card>
  );
}
