import { queryOptions } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { BookLineJson, BookTotalJson } from "#api/contract";
import { currencies } from "#billing/catalogue";
import { addDays, isDay, startOfDay } from "#format";
import { api } from "#ui/api";
import { useFormat } from "#ui/use-format";

/** Which list, its filter and its page, as they stand in the URL and as the API takes them. */

export const books = ["payments", "invoices", "refunds", "disputes"] as const;
export type Book = (typeof books)[number];

export const states = {
  payments: ["paid", "partly_refunded", "refunded", "disputed", "lost"],
  invoices: ["open", "paid", "uncollectible", "void"],
  refunds: ["succeeded", "pending", "failed"],
  disputes: ["needs_response", "under_review", "won", "lost"],
} as const;

export const kinds = ["subscription", "pack", "top_up"] as const;
export const filterNames = ["state", "currency", "kind", "customer", "from", "to"] as const;

type BookQuery = Record<(typeof filterNames)[number], string | null>;

export const bookQuery = (book: Book, query: BookQuery, cursor: string | null) =>
  queryOptions({
    queryKey: ["office", "books", book, query, cursor],
    queryFn: ({ signal }) =>
      api.get<{ data: BookLineJson[]; nextCursor: string | null }>(`/admin/books/${book}`, {
        signal,
        query: { ...query, cursor, limit: 50 },
      }),
    // The rows of another list are no placeholder for this one's.
    placeholderData: (previous, last) => (last?.queryKey[2] === book ? previous : undefined),
  });

export const totalsQuery = (book: Book, query: BookQuery) =>
  queryOptions({
    queryKey: ["office", "books", book, "totals", query],
    queryFn: ({ signal }) =>
      api.get<{ data: BookTotalJson[] }>(`/admin/books/${book}/totals`, { signal, query }),
  });

const parsers = {
  list: parseAsStringLiteral(books).withDefault("payments"),
  state: parseAsString,
  currency: parseAsStringLiteral(currencies),
  kind: parseAsStringLiteral(kinds),
  customer: parseAsString,
  from: parseAsString,
  to: parseAsString,
  cursor: parseAsString,
};

/** All of it from the URL. Days are those of the reader's zone; what is no day, and no state of the list, is no limit. */
export function useBooksState() {
  const { timeZone } = useFormat();
  const [{ list, state, currency, kind, customer, from, to, cursor }, set] = useQueryStates(parsers, {
    history: "push",
  });
  const start = (day: string) => startOfDay(day, timeZone).toISOString();
  const known: readonly string[] = states[list];
  const query: BookQuery = {
    ...{ currency, kind, customer },
    state: state && known.includes(state) ? state : null,
    from: from && isDay(from) ? start(from) : null,
    to: to && isDay(to) ? start(addDays(to, 1)) : null,
  };
  return {
    ...{ list, query, cursor },
    filtered: Object.values(query).some((value) => value !== null),
    clear: () =>
      void set({
        state: null,
        currency: null,
        kind: null,
        customer: null,
        from: null,
        to: null,
        cursor: null,
      }),
    turn: (next: string | null) => void set({ cursor: next }, { scroll: true }),
  };
}
