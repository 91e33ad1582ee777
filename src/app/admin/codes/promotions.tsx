"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, TicketPercent } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { PromotionJson } from "#api/contract";
import { planIds } from "#billing/catalogue";
import { useCatalogue } from "#ui/billing/on-sale";
import { Time } from "#ui/data/cells";
import { type Column, Table, TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card, CardHeader } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";
import { Empty } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { EndDialog } from "./end-dialog";
import { PromotionDialog } from "./promotion-dialog";
import { promotionsQuery } from "./queries";

type PromotionsProps = {
  cursor: string | null;
  turn: (cursor: string | null) => void;
  mayEndless: boolean;
};

/** Promotion codes as Stripe has them, with how often each was used. */
export function Promotions({ cursor, turn, mayEndless }: PromotionsProps) {
  const t = useTranslations("officeCodes");
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<{ id: string; name: string } | null>(null);
  const page = useQuery(promotionsQuery(cursor));
  return (
    <>
      <Card aria-labelledby="promotions" aria-busy={page.isPlaceholderData}>
        <CardHeader
          id="promotions"
          title={t("tab.promotion")}
          action={
            <Button size="sm" onClick={() => setMaking(true)}>
              <Plus aria-hidden="true" strokeWidth={1.75} />
              {t("promotion.new")}
            </Button>
          }
        />
        <div className="border-t border-line">
          <QueryState
            query={page}
            failure={t("promotion.failure")}
            skeleton={<TableSkeleton columns={6} rows={6} dense />}
          >
            {({ data, nextCursor }) => (
              <>
                {data.length > 0 && (
                  <PromotionRows promotions={data} onEnd={({ id, code }) => setEnding({ id, name: code })} />
                )}
                {data.length === 0 && (
                  <Empty
                    icon={<TicketPercent strokeWidth={1.75} />}
                    title={t("promotion.empty")}
                    text={t("promotion.emptyText")}
                  />
                )}
                <KeyPages
                  label={t("promotion.pages")}
                  older={nextCursor}
                  turned={cursor !== null}
                  turn={turn}
                />
              </>
            )}
          </QueryState>
        </div>
      </Card>
      <PromotionDialog open={making} onOpenChange={setMaking} mayEndless={mayEndless} />
      <EndDialog kind="promotion" ending={ending} onClose={() => setEnding(null)} />
    </>
  );
}

type PromotionRowsProps = {
  promotions: readonly PromotionJson[];
  onEnd: (promotion: PromotionJson) => void;
};

function PromotionRows({ promotions, onEnd }: PromotionRowsProps) {
  const t = useTranslations("officeCodes");
  const format = useFormat();
  const forWhat = useForWhat();
  const takesOff = useTakesOff();
  const columns: Column<PromotionJson>[] = [
    {
      key: "code",
      header: t("promotion.column.code"),
      mobile: "title",
      cell: ({ code }) => <code className="font-mono text-13 font-medium break-all">{code}</code>,
    },
    { key: "off", header: t("promotion.column.off"), cell: takesOff },
    { key: "for", header: t("promotion.column.for"), cell: forWhat },
    {
      key: "used",
      header: t("promotion.column.used"),
      align: "right",
      cell: ({ used, maxUses }) => (
        <span className="num">
          {maxUses === null
            ? format.integer(used)
            : t("promotion.usedOf", { used: format.integer(used), max: format.integer(maxUses) })}
        </span>
      ),
    },
    {
      key: "until",
      header: t("promotion.column.until"),
      cell: ({ expiresAt }) =>
        expiresAt ? <Time at={expiresAt} show="date" /> : <span className="text-text-3">{t("never")}</span>,
    },
    {
      key: "state",
      header: t("promotion.column.state"),
      mobile: "corner",
      cell: ({ active }) => (
        <Badge tone={active ? "ok" : "neutral"}>{t(active ? "state.live" : "state.off")}</Badge>
      ),
    },
    {
      key: "time",
      header: t("promotion.column.time"),
      cell: ({ createdAt }) => <Time at={createdAt} show="dateTime" />,
    },
    {
      key: "end",
      header: <span className="sr-only">{t("end")}</span>,
      cell: (promotion) =>
        promotion.active ? (
          <Button
            variant="secondary"
            size="sm"
            aria-label={t("endOf", { name: promotion.code })}
            onClick={() => onEnd(promotion)}
          >
            {t("end")}
          </Button>
        ) : null,
    },
  ];
  return (
    <Table label={t("tab.promotion")} columns={columns} rows={promotions} rowKey={({ id }) => id} dense />
  );
}

/** "25% · the first payment". */
function useTakesOff(): (promotion: PromotionJson) => string {
  const t = useTranslations("officeCodes.promotion");
  const format = useFormat();
  return ({ discount, duration }) => {
    const off =
      "percent" in discount
        ? format.share(discount.percent / 100)
        : format.money(discount.amountCents, discount.currency);
    const howLong = typeof duration === "string" ? t(duration) : t("forMonths", { count: duration.months });
    return `${off} · ${howLong}`;
  };
}

function useForWhat(): (promotion: PromotionJson) => string {
  const t = useTranslations("officeCodes");
  const plans = useTranslations("pricing.plan");
  const format = useFormat();
  const { packs } = useCatalogue();
  return ({ planIds: forPlans, packIds, firstPurchaseOnly }) => {
    const names = [
      ...planIds.filter((id) => forPlans.includes(id)).map((id) => plans(id)),
      ...packIds.map((id) => {
        const pack = packs.find((one) => one.id === id);
        return pack ? t("promotion.pack", { credits: format.credits(pack.credits) }) : id;
      }),
    ];
    const what = names.length > 0 ? names : [t("everything")];
    return [...what, ...(firstPurchaseOnly ? [t("promotion.first")] : [])].join(" · ");
  };
}
