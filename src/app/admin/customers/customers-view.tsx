"use client";

import { useQuery } from "@tanstack/react-query";
import { Download, Gift, UsersRound } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { apiUrl } from "#ui/api";
import { FilterBar } from "#ui/data/filter-bar";
import { TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import { SavedViews } from "#ui/office/saved-views";
import { customersQuery, filterNames, useCustomersState } from "#ui/office/segment-filter";
import { SegmentFilters } from "#ui/office/segment-filters";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";
import { Empty, NoMatch } from "#ui/state/states";
import { CustomerRows } from "./customer-rows";

type CustomersViewProps = {
  /** Whether credits may be given to all of a filter. */
  mayGift: boolean;
};

/** Customers, the newest first; search, filters and page stand in the URL. */
export function CustomersView({ mayGift }: CustomersViewProps) {
  const t = useTranslations("office.customers");
  const gifts = useTranslations("officeGifts");
  const { query, cursor, set, filtered, clear, turn } = useCustomersState();
  const page = useQuery(customersQuery(query, cursor));
  return (
    <div className="grid gap-4">
      <SavedViews path="/admin/customers" filter={set} />
      <FilterBar
        names={filterNames}
        aside={
          <>
            {mayGift && (
              <Button asChild variant="secondary">
                <Link href={`/admin/gifts/new?${new URLSearchParams(set)}`}>
                  <Gift aria-hidden="true" strokeWidth={1.75} />
                  {gifts("toThese")}
                </Link>
              </Button>
            )}
            <Button asChild variant="secondary">
              <a href={apiUrl("/admin/customers.csv", query)} download data-testid="customers-csv">
                <Download aria-hidden="true" strokeWidth={1.75} />
                {t(filtered ? "csvFiltered" : "csv")}
              </a>
            </Button>
          </>
        }
      >
        <SegmentFilters />
      </FilterBar>
      <Card aria-label={t("title")} aria-busy={page.isPlaceholderData}>
        <QueryState
          query={page}
          failure={t("failure")}
          skeleton={<TableSkeleton columns={6} rows={12} dense />}
        >
          {({ data, nextCursor }) => (
            <>
              {data.length > 0 && <CustomerRows customers={data} />}
              {data.length === 0 && filtered && <NoMatch onClear={clear} hint={t("noMatch")} />}
              {data.length === 0 && !filtered && (
                <Empty icon={<UsersRound strokeWidth={1.75} />} title={t("empty")} text={t("emptyText")} />
              )}
              <KeyPages label={t("pages")} older={nextCursor} turned={cursor !== null} turn={turn} />
            </>
          )}
        </QueryState>
      </Card>
    </div>
  );
}
