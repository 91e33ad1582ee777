import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import type { ActJson } from "#api/contract";
import { addDays, isDay, startOfDay } from "#format";
import { api } from "#ui/api";
import { useFormat } from "#ui/use-format";

/** The audit log's filter, as it stands in the URL and as the API takes it. */

export const filterNames = ["actor", "action", "object", "from", "to"] as const;

type Filter = Record<(typeof filterNames)[number], string | null>;

/** Days become moments of the reader's zone; what is no day is no limit. */
export function filterQuery({ from, to, ...words }: Filter, timeZone: string): Filter {
  const start = (day: string) => startOfDay(day, timeZone).toISOString();
  return {
    ...words,
    from: from && isDay(from) ? start(from) : null,
    to: to && isDay(to) ? start(addDays(to, 1)) : null,
  };
}

export const actsQuery = (query: Filter, cursor: string | null) =>
  queryOptions({
    queryKey: ["office", "acts", query, cursor],
    queryFn: ({ signal }) =>
      api.get<{ data: ActJson[]; nextCursor: string | null }>("/admin/acts", {
        signal,
        query: { ...query, cursor, limit: 50 },
      }),
    placeholderData: keepPreviousData,
  });

const parsers = {
  actor: parseAsString,
  action: parseAsString,
  object: parseAsString,
  from: parseAsString,
  to: parseAsString,
  cursor: parseAsString,
  /** The act whose sheet is open. */
  act: parseAsString,
};

/** Filter, page and open act; all of them in the URL. */
export function useAuditState() {
  const { timeZone } = useFormat();
  const [{ cursor, act, ...filter }, set] = useQueryStates(parsers, { history: "push" });
  return {
    query: filterQuery(filter, timeZone),
    filtered: filterNames.some((name) => filter[name] !== null),
    dated: filter.from !== null || filter.to !== null,
    cursor,
    act,
    clear: () => void set(null),
    turn: (next: string | null) => void set({ cursor: next, act: null }, { scroll: true }),
    open: (id: string | null) => void set({ act: id }),
  };
}
