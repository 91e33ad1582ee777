"use client";

import { useQuery } from "@tanstack/react-query";
import { Download, UsersRound } from "lucide-react";
import { useTranslations } from "next-intl";
import type { CustomerJson } from "#api/contract";
import { apiUrl } from "#ui/api";
import { Time } from "#ui/data/cells";
import { DayFilter, FilterBar, SearchFilter, SelectFilter } from "#ui/data/filter-bar";
import { type Column, Table, TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";
import { Empty, NoMatch } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { customersQuery, filterNames, useCustomersState } from "./filter";

/** Customers, the newest first; search, filters and page stand in the URL. */
export function CustomersView() {
  const t = useTranslations("office.customers");
  const { query, cursor, filtered, clear, turn } = useCustomersState();
  const page = useQuery(customersQuery(query, cursor));
  return (
    <div className="grid gap-4">
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
        <SearchFilter name="q" label={t("search")} className="sm:w-88" />
        <SelectFilter
          name="verified"
          label={t("verified")}
          options={[
            { value: "yes", label: t("verifiedYes") },
            { value: "no", label: t("verifiedNo") },
          ]}
        />
        <DayFilter name="from" label={t("from")} />
        <DayFilter name="to" label={t("to")} />
      </FilterBar>
      <Card aria-label={t("title")} aria-busy={page.isPlaceholderData}>
        <QueryState
          query={page}
          failure={t("failure")}
          skeleton={<TableSkeleton columns={5} rows={12} dense />}
        >
          {({ data, nextCursor }) => (
            <>
              {data.length > 0 && <Rows customers={data} />}
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

function Rows({ customers }: { customers: readonly CustomerJson[] }) {
  const t = useTranslations("office.customers");
  const role = useTranslations("office.role");
  const format = useFormat();
  const columns: Column<CustomerJson>[] = [
    {
      key: "email",
      header: t("column.email"),
      mobile: "title",
      cell: ({ email }) => <span className="font-medium break-all">{email}</span>,
    },
    {
      key: "name",
      header: t("column.name"),
      cell: ({ name }) => <span className="text-text-2">{name}</span>,
    },
    {
      key: "flags",
      header: t("column.flags"),
      cell: (customer) => (
        <span className="flex flex-wrap gap-1.5">
          {!customer.emailVerified && <Badge tone="hold">{t("verifiedNo")}</Badge>}
          {customer.role !== "user" && <Badge>{role(customer.role)}</Badge>}
        </span>
      ),
    },
    {
      key: "since",
      header: t("column.since"),
      width: "w-44",
      cell: ({ createdAt }) => <Time at={createdAt} show="dateTime" />,
    },
    {
      key: "balance",
      header: t("column.balance"),
      align: "right",
      mobile: "corner",
      width: "w-36",
      cell: ({ available }) => format.integer(available),
    },
  ];
  return (
    <Table
      label={t("title")}
      columns={columns}
      rows={customers}
      rowKey={({ id }) => id}
      rowHref={({ id }) => `/admin/customers/${id}`}
      dense
    />
  );
}
