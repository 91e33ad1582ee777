import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import type { CustomerJson, ViewJson } from "#api/contract";
import { addDays, isDay, startOfDay } from "#format";
import { api } from "#ui/api";
import { useFormat } from "#ui/use-format";

/** The list's filter, as it stands in the URL and as the API takes it. */

export const filterNames = [
  "q",
  "plan",
  "status",
  "flag",
  "verified",
  "paid",
  "below",
  "from",
  "to",
] as const;
export type FilterName = (typeof filterNames)[number];
type Filter = Record<FilterName, string | null>;

/** Values that a filter may have; others, as in an address somebody wrote, are no filter. */
export const choices = {
  plan: ["free", "pro", "premium", "enterprise"],
  status: ["active", "trialing", "past_due", "unpaid", "paused", "canceled"],
  flag: ["past_due", "dispute", "refund", "suspended"],
  verified: ["yes", "no"],
  paid: ["yes", "no"],
} as const;

type CustomerQuery = Record<Exclude<FilterName, "q" | "below"> | "query" | "balanceBelow", string | null>;

/** Days become moments of the reader's zone; what is none is no limit. */
export function customerQuery({ q, below, from, to, ...chosen }: Filter, timeZone: string): CustomerQuery {
  const start = (day: string) => startOfDay(day, timeZone).toISOString();
  const known = (name: keyof typeof choices) =>
    choices[name].find((choice) => choice === chosen[name]) ?? null;
  return {
    query: q,
    ...{ plan: known("plan"), status: known("status"), flag: known("flag") },
    ...{ verified: known("verified"), paid: known("paid") },
    balanceBelow: below && /^\d{1,9}$/.test(below) ? below : null,
    from: from && isDay(from) ? start(from) : null,
    to: to && isDay(to) ? start(addDays(to, 1)) : null,
  };
}

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

export const viewsQuery = queryOptions({
  queryKey: ["office", "customer-views"],
  queryFn: ({ signal }) => api.get<{ data: ViewJson[] }>("/admin/customer-views", { signal }),
});

const parsers = {
  ...{ q: parseAsString, plan: parseAsString, status: parseAsString, flag: parseAsString },
  ...{ verified: parseAsString, paid: parseAsString, below: parseAsString },
  ...{ from: parseAsString, to: parseAsString, cursor: parseAsString },
};

/** Filter and page; both in the URL. */
export function useCustomersState() {
  const { timeZone } = useFormat();
  const [{ cursor, ...filter }, set] = useQueryStates(parsers, { history: "push" });
  return {
    query: customerQuery(filter, timeZone),
    cursor,
    /** What is set, as a saved view keeps it. */
    set: namesOf(filter),
    filtered: filterNames.some((name) => filter[name] !== null),
    clear: () => void set(null),
    turn: (next: string | null) => void set({ cursor: next }, { scroll: true }),
  };
}

function namesOf(filter: Filter): Record<string, string> {
  return Object.fromEntries(
    filterNames.flatMap((name) => {
      const value = filter[name];
      return value ? [[name, value]] : [];
    }),
  );
}

/** Whether both filter the same. */
export function isSame(one: Record<string, string>, other: Record<string, string>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
