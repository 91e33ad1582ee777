"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, Inbox } from "lucide-react";
import { useTranslations } from "next-intl";
import { FilterBar, SearchFilter } from "#ui/data/filter-bar";
import { TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import { Card } from "#ui/primitives/card";
import { Select } from "#ui/primitives/select";
import { QueryState } from "#ui/state/query-state";
import { Empty, NoMatch } from "#ui/state/states";
import { EventRows } from "./event-rows";
import { eventsQuery, shownStatuses, useEventsState } from "./filter";

/** Stripe's events, those that were given up first; each can be tried again. */
export function EventsView({ mayReplay }: { mayReplay: boolean }) {
  const t = useTranslations("office.events");
  const { query, status, searched, cursor, clear, choose, turn } = useEventsState();
  const page = useQuery(eventsQuery(query, cursor));
  return (
    <div className="grid gap-4">
      <FilterBar names={["type", "customer"]}>
        <Select
          aria-label={t("filter.status")}
          value={status}
          onChange={({ target }) => {
            const chosen = shownStatuses.find((one) => one === target.value);
            if (chosen) choose(chosen);
          }}
          options={shownStatuses.map((value) => ({ value, label: t(`status.${value}`) }))}
          className="w-auto max-w-56 text-13 font-medium"
        />
        <SearchFilter name="type" label={t("filter.type")} className="sm:w-56" />
        <SearchFilter name="customer" label={t("filter.customer")} className="sm:w-64" />
      </FilterBar>
      <Card aria-label={t("title")} aria-busy={page.isPlaceholderData}>
        <QueryState
          query={page}
          failure={t("failure")}
          skeleton={<TableSkeleton columns={6} rows={8} dense />}
        >
          {({ data, nextCursor }) => (
            <>
              {data.length > 0 && <EventRows events={data} mayReplay={mayReplay} />}
              {data.length === 0 && (searched || cursor) && <NoMatch onClear={clear} />}
              {data.length === 0 && !searched && !cursor && (
                <Empty
                  icon={
                    status === "failed" ? <CircleCheck strokeWidth={1.75} /> : <Inbox strokeWidth={1.75} />
                  }
                  title={t(status === "failed" ? "noneFailed" : "empty")}
                  text={t(status === "failed" ? "noneFailedText" : "emptyText")}
                />
              )}
              <KeyPages label={t("pages")} older={nextCursor} turned={cursor !== null} turn={turn} />
            </>
          )}
        </QueryState>
      </Card>
    </div>
  );
}
