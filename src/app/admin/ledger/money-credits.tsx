"use client";

import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryStates } from "nuqs";
import type { MoneyViewJson } from "#api/contract";
import { MonthlyChart } from "#ui/office/monthly-chart";
import { Segmented } from "#ui/primitives/tabs";
import { useFormat } from "#ui/use-format";
import { grouped, moves, never, type SourceName, stackMoved, stackOwed } from "./figures";

const views = ["chart", "table"] as const;

/** Credits that came and went, by month and source; what is shown and how stands in the URL. */
export function MovedChart({ moved }: { moved: MoneyViewJson["moved"] }) {
  const t = useTranslations("office.ledger.money");
  const common = useTranslations("common");
  const format = useFormat();
  const nameOf = useSourceName();
  const [{ moved: move, movedView }, set] = useQueryStates(
    {
      moved: parseAsStringLiteral(moves).withDefault("issued"),
      movedView: parseAsStringLiteral(views).withDefault("chart"),
    },
    { history: "push" },
  );
  const figures = stackMoved(moved, move, nameOf);
  return (
    <MonthlyChart
      title={t("moved.title")}
      hint={t("creditsHint")}
      picture={grouped(figures, common("other"))}
      figures={figures}
      summary={t(`moved.${move}`, { credits: format.credits(figures.total) })}
      monthName={format.month}
      amountText={format.credits}
      figure={format.integer}
      view={movedView}
      onViewChange={(view) => set({ movedView: view })}
      fileName={`credits-${move}-by-month.csv`}
      empty={t("moved.empty")}
      controls={
        <Segmented
          label={t("moved.kind")}
          value={move}
          onValueChange={(next) => set({ moved: next })}
          options={moves.map((value) => ({ value, label: t(`moved.name.${value}`) }))}
        />
      }
    />
  );
}

/** Credits still owed, by the month in which they expire and by source. */
export function OwedChart({ owed }: { owed: MoneyViewJson["owed"] }) {
  const t = useTranslations("office.ledger.money");
  const common = useTranslations("common");
  const format = useFormat();
  const nameOf = useSourceName();
  const [{ owedView }, set] = useQueryStates(
    { owedView: parseAsStringLiteral(views).withDefault("chart") },
    { history: "push" },
  );
  const figures = stackOwed(owed, nameOf);
  return (
    <MonthlyChart
      title={t("owed.title")}
      hint={t("owed.hint")}
      picture={grouped(figures, common("other"))}
      figures={figures}
      summary={t("owed.summary", { credits: format.credits(figures.total) })}
      monthName={(month) => (month === never ? common("credits.never") : format.month(month))}
      amountText={format.credits}
      figure={format.integer}
      view={owedView}
      onViewChange={(view) => set({ owedView: view })}
      fileName="credits-outstanding-by-expiry.csv"
      empty={t("owed.empty")}
    />
  );
}

function useSourceName(): SourceName {
  const t = useTranslations("common.credits.source");
  const sources = ["signup", "plan", "pack", "top-up", "promo", "referral", "adjustment"] as const;
  return (source) => {
    const known = sources.find((name) => name === source);
    return known ? t(known) : source;
  };
}
