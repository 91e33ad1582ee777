import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { BalanceJson, EntryJson, EntrySumsJson, HoldJson, TraceJson, UsageJson } from "#api/contract";
import { api } from "#ui/api";
import { queryKeys } from "#ui/query-keys";

/** What the browser asks about credits. Live changes refetch these by the first part of their keys. */

type Page<T> = { data: T[]; nextCursor: string | null };

/** A filter as the API takes it; null is none. */
export type EntryQuery = {
  kind: EntryJson["kind"] | null;
  tool: string | null;
  /** Moments: from this one on, and before that one. */
  from: string | null;
  to: string | null;
};

export const entriesAtOnce = 25;

export const balanceQuery = () =>
  queryOptions({
    queryKey: queryKeys.balance,
    queryFn: ({ signal }) => api.get<BalanceJson>("/balance", { signal }),
  });

/** Open holds; the most recent hundred, which is more than anybody runs at once. */
export const holdsQuery = () =>
  queryOptions({
    queryKey: [...queryKeys.balance, "holds"],
    queryFn: ({ signal }) => api.get<Page<HoldJson>>("/holds", { signal, query: { limit: 100 } }),
  });

/** Holds that reached their deadline; the most recent hundred. */
export const expiredHoldsQuery = () =>
  queryOptions({
    queryKey: [...queryKeys.balance, "expired holds"],
    queryFn: ({ signal }) =>
      api.get<Page<HoldJson>>("/holds", { signal, query: { limit: 100, status: "expired" } }),
  });

export const entriesQuery = (filter: EntryQuery, cursor: string | null) =>
  queryOptions({
    queryKey: [...queryKeys.entries, "list", filter, cursor],
    queryFn: ({ signal }) =>
      api.get<Page<EntryJson>>("/entries", { signal, query: { ...filter, cursor, limit: entriesAtOnce } }),
    placeholderData: keepPreviousData,
  });

export const entrySumsQuery = (filter: EntryQuery) =>
  queryOptions({
    queryKey: [...queryKeys.entries, "sum", filter],
    queryFn: ({ signal }) => api.get<EntrySumsJson>("/entries/sum", { signal, query: filter }),
    placeholderData: keepPreviousData,
  });

/** Credits used from one moment to another, per day of the zone. */
export const usageQuery = (range: { from: string; to: string; timeZone: string }) =>
  queryOptions({
    queryKey: [...queryKeys.usage, range],
    queryFn: ({ signal }) => api.get<UsageJson>("/usage", { signal, query: range }),
    placeholderData: keepPreviousData,
  });

/** Where credits came from and went; `of` is an entry's number or a lot's id. */
export const traceQuery = (of: string) =>
  queryOptions({
    queryKey: [...queryKeys.entries, "trace", of],
    queryFn: ({ signal }) =>
      api.get<TraceJson>(/^\d+$/.test(of) ? `/entries/${of}/trace` : `/lots/${of}/trace`, { signal }),
  });
