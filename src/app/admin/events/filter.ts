import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { EventJson, EventPayloadJson } from "#api/contract";
import { api } from "#ui/api";

/** The list's filter, as it stands in the URL and as the API takes it. */

export const shownStatuses = ["failed", "waiting", "done", "ignored", "all"] as const;
type Filter = { status: EventJson["status"] | null; type: string | null; customer: string | null };

/** How often it is looked while something waits. */
const watchMs = 2_000;

export const eventsQuery = (query: Filter, cursor: string | null) =>
  queryOptions({
    queryKey: ["office", "events", query, cursor],
    queryFn: ({ signal }) =>
      api.get<{ data: EventJson[]; nextCursor: string | null }>("/admin/events", {
        signal,
        query: { ...query, cursor, limit: 50 },
      }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.data.some(({ status }) => status === "waiting") ? watchMs : false,
  });

/** One event, asked for until it has been processed. */
export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ["office", "event", id],
    queryFn: ({ signal }) => api.get<EventJson>(`/admin/events/${id}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === "waiting" ? watchMs : false),
  });

export const payloadQuery = (id: string) =>
  queryOptions({
    queryKey: ["office", "event", id, "payload"],
    queryFn: ({ signal }) => api.get<EventPayloadJson>(`/admin/events/${id}/payload`, { signal }),
    retry: false,
  });

const parsers = {
  // What somebody has to look at comes first.
  status: parseAsStringLiteral(shownStatuses).withDefault("failed"),
  type: parseAsString,
  customer: parseAsString,
  cursor: parseAsString,
  /** The event whose sheet is open. */
  event: parseAsString,
};

/** Filter and page, in the URL. */
export function useEventsState() {
  const [{ cursor, status, type, customer, event }, set] = useQueryStates(parsers, { history: "push" });
  return {
    query: { status: status === "all" ? null : status, type, customer },
    status,
    searched: type !== null || customer !== null,
    cursor,
    event,
    open: (id: string | null) => void set({ event: id }),
    clear: () => void set({ type: null, customer: null, cursor: null }),
    choose: (next: (typeof shownStatuses)[number]) => void set({ status: next, cursor: null, event: null }),
    turn: (next: string | null) => void set({ cursor: next }, { scroll: true }),
  };
}
