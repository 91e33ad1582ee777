"use client";

import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from "@tanstack/react-query";
import { FileText } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import type { InvoiceJson, InvoicePageJson } from "#api/contract";
import { cn } from "#cn";
import { invoicesQuery } from "#ui/billing/queries";
import { type Column, Table, TableSkeleton } from "#ui/data/table";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { Empty, Failure } from "#ui/state/states";
import { useFormat } from "#ui/use-format";

/** Every invoice with its PDF; one that waits can be paid from here. `?invoice=` names one to look at. */
export function Invoices() {
  const t = useTranslations("billing.invoices");
  const query = useInfiniteQuery(invoicesQuery());
  const columns = useColumns(useWanted(query));
  if (query.isPending) {
    return (
      <Card>
        <TableSkeleton columns={4} rows={3} />
      </Card>
    );
  }
  if (query.isError && !query.data) {
    return (
      <Card>
        <Failure error={query.error} title={t("failed")} onRetry={() => void query.refetch()} />
      </Card>
    );
  }
  const rows = query.data.pages.flatMap(({ data }) => data);
  return (
    <Card>
      {rows.length === 0 ? (
        <Empty icon={<FileText strokeWidth={1.75} />} title={t("emptyTitle")} text={t("emptyText")} />
      ) : (
        <Table label={t("title")} columns={columns} rows={rows} rowKey={({ id }) => id} />
      )}
      {query.hasNextPage && (
        <div className="border-t border-line p-3 text-center">
          <Button
            variant="secondary"
            size="sm"
            busy={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t("more")}
          </Button>
        </div>
      )}
    </Card>
  );
}

/** Looks for the invoice that the address names along the pages, and goes to it. */
function useWanted(query: UseInfiniteQueryResult<InfiniteData<InvoicePageJson>>): string | null {
  const wanted = useSearchParams().get("invoice");
  const { data, fetchNextPage } = query;
  const found = data?.pages.some((page) => page.data.some(({ id }) => id === wanted)) ?? false;
  const seeks = data !== undefined && wanted !== null && !found;
  const asks = seeks && query.hasNextPage && !query.isFetchingNextPage && !query.isFetchNextPageError;
  useEffect(() => {
    if (asks) void fetchNextPage();
  }, [asks, fetchNextPage]);
  useEffect(() => {
    if (found && wanted) document.getElementById(wanted)?.focus();
  }, [found, wanted]);
  return wanted;
}

function useColumns(wanted: string | null): readonly Column<InvoiceJson>[] {
  const t = useTranslations("billing.invoices");
  const names = useTranslations("pricing.plan");
  const format = useFormat();
  return [
    {
      key: "what",
      header: t("what"),
      mobile: "title",
      // Not by Stripe's description, which is in English, and of an upgrade begins with what is given back.
      cell: ({ id, reason, planId, credits, number }) => (
        <span
          id={id}
          tabIndex={-1}
          aria-current={id === wanted || undefined}
          className={cn("grid scroll-mt-24", id === wanted && "border-l-2 border-text pl-3")}
        >
          <span className="num">
            {planId ? names(planId) : t(`reason.${reason}`)}
            {credits > 0 && <span className="text-text-2"> · {format.credits(credits)}</span>}
          </span>
          <span className="font-mono text-12 text-text-3">{number ?? "—"}</span>
        </span>
      ),
    },
    { key: "date", header: t("date"), cell: ({ createdAt }) => format.date(createdAt) },
    {
      key: "status",
      header: t("statusTitle"),
      cell: ({ status, refundedCents, totalCents }) =>
        refundedCents > 0 ? (
          <Badge tone="hold">{t(refundedCents < totalCents ? "partlyRefunded" : "refunded")}</Badge>
        ) : (
          <Badge tone={status === "open" ? "hold" : "neutral"}>{t(`status.${status}`)}</Badge>
        ),
    },
    {
      key: "total",
      header: t("total"),
      align: "right",
      mobile: "corner",
      cell: ({ totalCents, currency }) => format.money(totalCents, currency),
    },
    {
      key: "pdf",
      header: <span className="sr-only">{t("pdf")}</span>,
      align: "right",
      cell: ({ pdfUrl, payUrl, status }) => (
        <span className="inline-flex gap-3">
          {status === "open" && payUrl && (
            <a href={payUrl} className="font-medium underline underline-offset-2">
              {t("pay")}
            </a>
          )}
          {pdfUrl && (
            <a href={pdfUrl} className="underline decoration-line-strong underline-offset-2">
              {t("pdf")}
            </a>
          )}
        </span>
      ),
    },
  ];
}
