"use client";

import { useQuery } from "@tanstack/react-query";
import { Coins } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { BalanceJson } from "#api/contract";
import { LotMark, LotsBar } from "#ui/credits/lots-bar";
import { balanceQuery } from "#ui/credits/queries";
import { useWords } from "#ui/credits/words";
import { Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { Empty, useMinute } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { TraceButton } from "./trace-button";

type Lot = BalanceJson["lots"][number];

/** The open lots in the order they are spent. */
export function Lots({ onTrace }: { onTrace: (of: string) => void }) {
  const t = useTranslations("credits");
  const query = useQuery(balanceQuery());
  return (
    <Card aria-label={t("tabs.lots")}>
      <QueryState query={query} failure={t("failureBalance")} skeleton={<LotsSkeleton />}>
        {(balance) =>
          balance.lots.length === 0 ? <NoLots /> : <LotList balance={balance} onTrace={onTrace} />
        }
      </QueryState>
    </Card>
  );
}

type LotListProps = { balance: BalanceJson; onTrace: (of: string) => void };

function LotList({ balance: { lots, available, held, total }, onTrace }: LotListProps) {
  const t = useTranslations("credits");
  const words = useWords([]);
  const format = useFormat();
  const rows = lots.map((lot, place) => ({ lot, place }));
  const columns: Column<{ lot: Lot; place: number }>[] = [
    {
      key: "source",
      header: t("column.source"),
      mobile: "title",
      cell: ({ lot, place }) => (
        <span className="flex items-center gap-2.5 text-14 font-medium">
          <LotMark place={place} />
          {words.lot(lot.source)}
        </span>
      ),
    },
    {
      key: "order",
      header: t("column.order"),
      cell: ({ lot, place }) => <Order lot={lot} place={place} count={lots.length} />,
    },
    { key: "expires", header: t("column.expires"), cell: ({ lot }) => <Expiry at={lot.expiresAt} /> },
    { key: "since", header: t("column.since"), cell: ({ lot }) => <Time at={lot.createdAt} show="date" /> },
    {
      key: "granted",
      header: t("column.granted"),
      align: "right",
      cell: ({ lot }) => <span className="text-text-2">{format.integer(lot.credits)}</span>,
    },
    {
      key: "held",
      header: t("column.held"),
      align: "right",
      cell: ({ lot }) => (
        <span data-testid="lot-held" className={lot.held > 0 ? "text-hold" : "text-text-3"}>
          {format.integer(lot.held)}
        </span>
      ),
    },
    {
      key: "remaining",
      header: t("column.remaining"),
      align: "right",
      mobile: "corner",
      cell: ({ lot }) => (
        <span data-testid="lot-remaining" className="text-14 font-medium">
          {format.integer(lot.remaining)}
        </span>
      ),
    },
    {
      key: "trace",
      header: <span className="sr-only">{t("trace.column")}</span>,
      align: "right",
      cell: ({ lot }) => (
        <TraceButton
          label={t("trace.of", { entry: words.lot(lot.source) })}
          onPress={() => onTrace(lot.grantId)}
        />
      ),
    },
  ];
  return (
    <>
      <div className="grid gap-3 border-b border-line px-4 py-4 sm:px-5">
        <p className="max-w-prose text-14 text-text-2">{t("lots.text")}</p>
        <LotsBar lots={lots} />
      </div>
      <Table label={t("tabs.lots")} columns={columns} rows={rows} rowKey={({ lot }) => lot.grantId} />
      <p className="num border-t border-line px-4 py-3.5 text-13 text-text-2 sm:px-5" data-testid="lots-sum">
        {t("lots.matches", {
          available: format.integer(available),
          held: format.integer(held),
          total: format.integer(total),
        })}
      </p>
    </>
  );
}

function Order({ lot, place, count }: { lot: Lot; place: number; count: number }) {
  const t = useTranslations("credits.lots");
  if (lot.remaining === 0) return <span className="text-text-2">{t("usedUp")}</span>;
  if (count === 1) return <span className="text-text-2">{t("only")}</span>;
  if (place === 0) return <span className="font-medium text-mint-text">{t("first")}</span>;
  return (
    <span className="text-text-2">{place === count - 1 ? t("last") : t("then", { place: place + 1 })}</span>
  );
}

function Expiry({ at }: { at: string | null }) {
  const t = useTranslations("common.credits");
  const words = useTranslations("credits.lots");
  const format = useFormat();
  const now = useMinute();
  if (at === null) return <span className="text-text-2">{t("never")}</span>;
  const soon = now !== null && new Date(at).getTime() - now.getTime() < 7 * 86_400_000;
  return (
    <span className="grid">
      <span className="num whitespace-nowrap text-text">{format.date(at)}</span>
      {soon && (
        <span className="text-12 text-text-3">{words("expiresIn", { when: format.relative(at, now) })}</span>
      )}
    </span>
  );
}

function NoLots() {
  const t = useTranslations("credits.lots.empty");
  return (
    <Empty
      icon={<Coins strokeWidth={1.75} />}
      title={t("title")}
      text={t("text")}
      action={
        <Button asChild>
          <Link href="/pricing">{t("action")}</Link>
        </Button>
      }
    />
  );
}

function LotsSkeleton() {
  return (
    <div className="grid gap-3 px-4 py-4 sm:px-5">
      <Skeleton className="h-5 w-96 max-w-full" />
      <Skeleton className="h-2 w-full rounded-full" />
      <Skeleton className="mt-3 h-14 w-full" />
      <Skeleton className="h-14 w-full" />
    </div>
  );
}
