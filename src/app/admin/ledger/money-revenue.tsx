"use client";

import { useTranslations } from "next-intl";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { minorPlaces } from "#format";
import { csvText } from "#ui/charts/csv";
import { type Column, Table } from "#ui/data/table";
import { MonthlyChart } from "#ui/office/monthly-chart";
import { Segmented } from "#ui/primitives/tabs";
import { useFormat } from "#ui/use-format";
import { currenciesOf, type RevenueLine, revenueOf } from "./figures";

const columns = ["sold", "carried", "consumed", "expired", "reversed", "deferred"] as const;

/** What customers have paid for and not used: drawn at each month's end, its movements in the table. */
export function RevenueChart({ revenue, until }: { revenue: readonly RevenueLine[]; until: string }) {
  const t = useTranslations("office.ledger.money");
  const format = useFormat();
  const [{ currency: chosen, revenueView }, set] = useQueryStates(
    {
      currency: parseAsString,
      revenueView: parseAsStringLiteral(["chart", "table"] as const).withDefault("chart"),
    },
    { history: "push" },
  );
  const currencies = currenciesOf(revenue);
  const currency = currencies.find((known) => known === chosen) ?? currencies[0] ?? "USD";
  const lines = revenueOf(revenue, currency, until);
  const amounts = {
    days: lines.map(({ month, deferred }) => ({ day: month, amounts: { deferred } })),
    series: [{ key: "deferred", label: t("revenue.deferred"), hue: "c2" as const }],
    total: lines.at(-1)?.deferred ?? 0,
  };
  const main = 10 ** minorPlaces(currency);
  const exact = lines.some((line) => columns.some((name) => line[name] % main !== 0));
  const money = (cents: number) => format.money(cents, currency, exact);
  return (
    <MonthlyChart
      title={t("revenue.title")}
      hint={t("revenue.hint", { currency })}
      picture={amounts}
      figures={amounts}
      summary={t("revenue.summary", { amount: money(amounts.total) })}
      monthName={format.month}
      amountText={money}
      figure={(cents) => format.money(cents, currency)}
      view={revenueView}
      onViewChange={(view) => set({ revenueView: view })}
      fileName={`deferred-revenue-${currency}.csv`}
      empty={t("revenue.empty")}
      table={<RevenueTable lines={lines} money={money} />}
      csv={() =>
        revenueCsv(lines, currency, [t("revenue.month"), ...columns.map((name) => t(`revenue.${name}`))])
      }
      controls={
        currencies.length > 1 && (
          <Segmented
            label={t("revenue.currency")}
            value={currency}
            onValueChange={(next) => set({ currency: next })}
            options={currencies.map((value) => ({ value, label: value }))}
          />
        )
      }
    />
  );
}

function RevenueTable({ lines, money }: { lines: readonly RevenueLine[]; money: (cents: number) => string }) {
  const t = useTranslations("office.ledger.money.revenue");
  const format = useFormat();
  const cells: Column<RevenueLine>[] = [
    { key: "month", header: t("month"), mobile: "title", cell: ({ month }) => format.month(month) },
    ...columns.map((name) => ({
      key: name,
      header: t(name),
      align: "right" as const,
      cell: (line: RevenueLine) => (
        <span className={name === "deferred" ? "font-medium" : line[name] === 0 ? "text-text-3" : ""}>
          {money(line[name])}
        </span>
      ),
    })),
  ];
  return (
    <div className="-mx-4 max-h-80 overflow-auto sm:-mx-5">
      <Table
        label={t("title")}
        columns={cells}
        rows={lines.toReversed()}
        rowKey={({ month }) => month}
        dense
      />
    </div>
  );
}

/** In the currency's main unit, as spreadsheets reckon. */
function revenueCsv(lines: readonly RevenueLine[], currency: string, heads: readonly string[]): string {
  const places = minorPlaces(currency);
  const amount = (cents: number) => (cents / 10 ** places).toFixed(places);
  return csvText([heads, ...lines.map((line) => [line.month, ...columns.map((name) => amount(line[name]))])]);
}
