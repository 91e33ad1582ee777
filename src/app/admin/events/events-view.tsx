"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, Inbox } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { EventJson } from "#api/contract";
import { api } from "#ui/api";
import { FilterBar, SearchFilter } from "#ui/data/filter-bar";
import { TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import { Card } from "#ui/primitives/card";
import { Select } from "#ui/primitives/select";
import { QueryState } from "#ui/state/query-state";
import { Empty, NoMatch } from "#ui/state/states";
import { EventRows } from "./event-rows";
import { EventSheet } from "./event-sheet";
import { eventQuery, eventsQuery, shownStatuses, useEventsState } from "./filter";
import { ReplayMany } from "./replay-many";

/** Stripe's events, those that were given up first; each can be tried again, alone or with others. */
export function EventsView({ mayReplay }: { mayReplay: boolean }) {
  const t = useTranslations("office.events");
  const { query, status, searched, cursor, event, open, clear, choose, turn } = useEventsState();
  const page = useQuery(eventsQuery(query, cursor));
  const { kept, keep } = useKept(JSON.stringify([query, cursor]));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const replay = async (events: readonly EventJson[]) => {
    const ids = events.map(({ id }) => id);
    await api.post(ids.length === 1 ? `/admin/events/${ids[0]}/replay` : "/admin/events/replays", {
      ...(ids.length > 1 && { ids }),
    });
    keep(events);
    setChosen(new Set());
  };
  return (
    <div className="grid gap-4">
      <FilterBar names={["type", "customer"]}>
        <Select
          aria-label={t("filter.status")}
          value={status}
          onChange={({ target }) => {
            const next = shownStatuses.find((one) => one === target.value);
            if (next) choose(next);
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
          {({ data, nextCursor }) => {
            const events = withKept(data, kept);
            return (
              <>
                {mayReplay && (
                  <ReplayMany
                    chosen={events.filter(({ id }) => chosen.has(id))}
                    onReplay={replay}
                    failed={status === "failed" && data.length > 1 ? query : null}
                  />
                )}
                {events.length > 0 && (
                  <EventRows
                    events={events}
                    mayReplay={mayReplay}
                    chosen={chosen}
                    onChoose={(id, on) => setChosen(toggled(chosen, id, on))}
                    replayed={new Set(kept.map(({ id }) => id))}
                    onReplay={(one) => replay([one])}
                    onOpen={open}
                  />
                )}
                {events.length === 0 && (searched || cursor) && <NoMatch onClear={clear} />}
                {events.length === 0 && !searched && !cursor && (
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
            );
          }}
        </QueryState>
      </Card>
      <EventSheet id={event} onClose={() => open(null)} />
    </div>
  );
}

/** Events that were replayed from this list, until another list is looked at. */
function useKept(list: string) {
  const queries = useQueryClient();
  const [state, set] = useState<{ list: string; events: readonly EventJson[] }>({ list, events: [] });
  const kept = state.list === list ? state.events : [];
  const keep = (events: readonly EventJson[]) => {
    for (const event of events) {
      queries.setQueryData(eventQuery(event.id).queryKey, { ...event, status: "waiting", error: null });
    }
    set({ list, events: [...kept, ...events.filter(({ id }) => kept.every((one) => one.id !== id))] });
    void queries.invalidateQueries({ queryKey: ["office", "events"] });
  };
  return { kept, keep };
}

/** A list with what was replayed from it, each in its place. */
function withKept(data: readonly EventJson[], kept: readonly EventJson[]): EventJson[] {
  const gone = kept.filter(({ id }) => data.every((event) => event.id !== id));
  return [...data, ...gone].sort(
    (a, b) => b.receivedAt.localeCompare(a.receivedAt) || b.id.localeCompare(a.id),
  );
}

function toggled(set: ReadonlySet<string>, id: string, on: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (on) next.add(id);
  else next.delete(id);
  return next;
}
