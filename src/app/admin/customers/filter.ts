import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { CustomerJson } from "#api/contract";
import { addDays, isDay, startOfDay } from "#format";
import { api } from "#ui/api";
import { useFormat } from "#ui/use-format";

/** The list's filter, as it stands in the URL and as the API takes it. */

export const filterNames = ["q", "verified", "from", "to"] as const;

type CustomerQuery = Record<"query" | "verified" | "from" | "to", string | null>;

export const customersQuery = (query: CustomerQuery, cursor: string | null) =>
  queryOptions({
    queryKey: ["office", "customers", query, cursor],
    queryFn: ({ signal }) =>
      api.get<{ data: CustomerJson[]; nextCursor: string | null }>("/admin/customers", {
        signal,
        query: { ...query, cursor, limit: 50 },
      }),
    placeholderData: keepPreviousData,
  });

const parsers = {
  q: parseAsString,
  verified: parseAsStringLiteral(["yes", "no"] as const),
  from: parseAsString,
  to: parseAsString,
  cursor: parseAsString,
};

/** Filter and page; both in the URL. Days are those of the reader's zone; what is no day is no limit. */
export function useCustomersState() {
  const { timeZone } = useFormat();
  const [{ q, verified, from, to, cursor }, set] = useQueryStates(parsers, { history: "push" });
  const start = (day: string) => startOfDay(day, timeZone).toISOString();
  const query: CustomerQuery = {
    ...{ query: q, verified },
    from: from && isDay(from) ? start(from) : null,
    to: to && isDay(to) ? start(addDays(to, 1)) : null,
  };
  return {
    query,
    cursor,
    filtered: q !== null || verified !== null || from !== null || to !== null,
    clear: () => void set(null),
    turn: (next: string | null) => void set({ cursor: next }, { scroll: true }),
  };
}
