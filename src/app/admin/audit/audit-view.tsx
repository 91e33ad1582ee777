"use client";

import { useQuery } from "@tanstack/react-query";
import { Download, ScrollText } from "lucide-react";
import { useTranslations } from "next-intl";
import { apiUrl } from "#ui/api";
import { DaysFilter, FilterBar, SearchFilter, SelectFilter } from "#ui/data/filter-bar";
import { TableSkeleton } from "#ui/data/table";
import { knownActions, useActionName } from "#ui/office/act-words";
import { KeyPages } from "#ui/office/key-pages";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";
import { Empty, NoMatch } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { ActRows } from "./act-rows";
import { ActSheet } from "./act-sheet";
import { actsQuery, filterNames, useAuditState } from "./filter";

/** The audit log, newest first: search and filters in the URL, CSV of the same, pages by key. */
export function AuditView() {
  const t = useTranslations("office.audit");
  const format = useFormat();
  const actionName = useActionName();
  const { query, filtered, dated, cursor, act, clear, turn, open } = useAuditState();
  const page = useQuery(actsQuery(query, cursor));
  return (
    <div className="grid gap-4">
      <FilterBar
        names={filterNames}
        aside={
          <Button asChild variant="secondary">
            <a href={apiUrl("/admin/acts.csv", query)} download data-testid="acts-csv">
              <Download aria-hidden="true" strokeWidth={1.75} />
              {t(filtered ? "csvFiltered" : "csv")}
            </a>
          </Button>
        }
      >
        <SearchFilter name="actor" label={t("filter.actor")} className="sm:w-48" />
        <SearchFilter name="object" label={t("filter.object")} className="sm:w-60" />
        <SelectFilter
          name="action"
          label={t("filter.action")}
          options={knownActions.map((value) => ({ value, label: actionName(value) }))}
        />
        <DaysFilter from={t("filter.from")} to={t("filter.to")} />
        {dated && <span className="text-12 text-text-3">{t("filter.zone", { zone: format.timeZone })}</span>}
      </FilterBar>
      <Card aria-label={t("title")} aria-busy={page.isPlaceholderData}>
        <QueryState
          query={page}
          failure={t("failure")}
          skeleton={<TableSkeleton columns={6} rows={10} dense />}
        >
          {({ data, nextCursor }) => (
            <>
              {data.length > 0 && <ActRows acts={data} onOpen={open} />}
              {data.length === 0 && (filtered || cursor) && <NoMatch onClear={clear} />}
              {data.length === 0 && !filtered && !cursor && (
                <Empty icon={<ScrollText strokeWidth={1.75} />} title={t("empty")} text={t("emptyText")} />
              )}
              <KeyPages label={t("pages")} older={nextCursor} turned={cursor !== null} turn={turn} />
              <ActSheet act={data.find(({ id }) => id === act)} onClose={() => open(null)} />
            </>
          )}
        </QueryState>
      </Card>
    </div>
  );
}
