"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, Download, ReceiptText } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { currencies } from "#billing/catalogue";
import { apiUrl } from "#ui/api";
import { DaysFilter, FilterBar, SearchFilter, SelectFilter } from "#ui/data/filter-bar";
import { TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { TabLinks } from "#ui/primitives/tab-links";
import { QueryState } from "#ui/state/query-state";
import { Empty, NoMatch } from "#ui/state/states";
import { BookRows } from "./book-rows";
import { type Book, bookQuery, books, filterNames, kinds, states, useBooksState } from "./filter";
import { Totals } from "./totals";

/** What came in, was asked for, went back and is disputed; list, filter and page stand in the URL. */
export function PaymentsView() {
  const t = useTranslations("officePayments");
  const { list, query, cursor, filtered, clear, turn } = useBooksState();
  const page = useQuery(bookQuery(list, query, cursor));
  return (
    <div className="grid gap-4">
      <Tabs shown={list} />
      <Filters
        list={list}
        csv={
          <Button asChild variant="secondary">
            <a href={apiUrl(`/admin/books/${list}/csv`, query)} download data-testid="book-csv">
              <Download aria-hidden="true" strokeWidth={1.75} />
              {t(filtered ? "csvFiltered" : "csv")}
            </a>
          </Button>
        }
      />
      <Totals book={list} query={query} />
      <Card aria-label={t(`list.${list}`)} aria-busy={page.isPlaceholderData}>
        <QueryState
          query={page}
          failure={t("failure")}
          skeleton={<TableSkeleton columns={6} rows={10} dense />}
        >
          {({ data, nextCursor }) => (
            <>
              {data.length > 0 && <BookRows book={list} lines={data} />}
              {data.length === 0 && (filtered || cursor) && <NoMatch onClear={clear} />}
              {data.length === 0 && !filtered && !cursor && <Nothing book={list} />}
              <KeyPages label={t("pages")} older={nextCursor} turned={cursor !== null} turn={turn} />
            </>
          )}
        </QueryState>
      </Card>
    </div>
  );
}

/** The lists as links: each has its address. */
function Tabs({ shown }: { shown: Book }) {
  const t = useTranslations("officePayments");
  return (
    <TabLinks
      label={t("lists")}
      scroll={false}
      links={books.map((book) => ({
        href: `/admin/payments${book === "payments" ? "" : `?list=${book}`}`,
        name: t(`list.${book}`),
        current: book === shown,
      }))}
    />
  );
}

function Filters({ list, csv }: { list: Book; csv: ReactNode }) {
  const t = useTranslations("officePayments");
  const reasons = useTranslations("billing.invoices.reason");
  return (
    <FilterBar names={filterNames} aside={csv}>
      <SearchFilter name="customer" label={t("filter.customer")} className="sm:w-72" />
      <SelectFilter
        name="state"
        label={t("column.state")}
        options={states[list].map((value) => ({ value, label: t(`state.${value}`) }))}
      />
      <SelectFilter
        name="kind"
        label={t("column.kind")}
        options={kinds.map((value) => ({ value, label: reasons(value) }))}
      />
      <SelectFilter
        name="currency"
        label={t("filter.currency")}
        options={currencies.map((value) => ({ value, label: value.toUpperCase() }))}
      />
      <DaysFilter from={t("filter.from")} to={t("filter.to")} />
    </FilterBar>
  );
}

function Nothing({ book }: { book: Book }) {
  const t = useTranslations("officePayments");
  const good = book === "disputes" || book === "refunds";
  return (
    <Empty
      icon={good ? <CircleCheck strokeWidth={1.75} /> : <ReceiptText strokeWidth={1.75} />}
      title={t(`empty.${book}`)}
      text={t(`emptyText.${book}`)}
    />
  );
}
