"use client";

import { useQuery } from "@tanstack/react-query";
import { Download, UsersRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { apiUrl } from "#ui/api";
import { DayFilter, FilterBar, NumberFilter, SearchFilter, SelectFilter } from "#ui/data/filter-bar";
import { TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";
import { Empty, NoMatch } from "#ui/state/states";
import { CustomerRows } from "./customer-rows";
import { choices, customersQuery, filterNames, useCustomersState } from "./filter";
import { SavedViews } from "./saved-views";

/** Customers, the newest first; search, filters and page stand in the URL. */
export function CustomersView() {
  const t = useTranslations("office.customers");
  const { query, cursor, set, filtered, clear, turn } = useCustomersState();
  const page = useQuery(customersQuery(query, cursor));
  return (
    <div className="grid gap-4">
      <SavedViews filter={set} />
      <FilterBar
        names={filterNames}
        aside={
          <Button asChild variant="secondary">
            <a href={apiUrl("/admin/customers.csv", query)} download data-testid="customers-csv">
              <Download aria-hidden="true" strokeWidth={1.75} />
              {t(filtered ? "csvFiltered" : "csv")}
            </a>
          </Button>
        }
      >
        <Filters />
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

function Filters() {
  const t = useTranslations("office.customers");
  const words = useTranslations("officeCustomers.list");
  const plans = useTranslations("pricing.plan");
  return (
    <>
      <SearchFilter name="q" label={t("search")} className="sm:w-88" />
      <SelectFilter
        name="plan"
        label={words("plan")}
        options={choices.plan.map((value) => ({ value, label: plans(value) }))}
      />
      <SelectFilter
        name="status"
        label={words("statusLabel")}
        options={choices.status.map((value) => ({ value, label: words(`status.${value}`) }))}
      />
      <SelectFilter
        name="flag"
        label={words("flagsLabel")}
        options={choices.flag.map((value) => ({ value, label: words(`flags.${value}`) }))}
      />
      <SelectFilter
        name="verified"
        label={t("verified")}
        options={[
          { value: "yes", label: t("verifiedYes") },
          { value: "no", label: t("verifiedNo") },
        ]}
      />
      <SelectFilter
        name="paid"
        label={words("paid")}
        options={[
          { value: "yes", label: words("paidYes") },
          { value: "no", label: words("paidNo") },
        ]}
      />
      <NumberFilter name="below" label={words("below")} />
      <DayFilter name="from" label={t("from")} />
      <DayFilter name="to" label={t("to")} />
    </>
  );
}
