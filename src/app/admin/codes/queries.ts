import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { CodeBatchJson, PromotionJson } from "#api/contract";
import { api } from "#ui/api";

export const kinds = ["redeem", "promotion"] as const;

type Page<T> = { data: T[]; nextCursor: string | null };

export const batchesQuery = (cursor: string | null) =>
  queryOptions({
    queryKey: ["office", "codes", cursor],
    queryFn: ({ signal }) =>
      api.get<Page<CodeBatchJson>>("/admin/codes", { signal, query: { cursor, limit: 50 } }),
    placeholderData: keepPreviousData,
  });

export const promotionsQuery = (cursor: string | null) =>
  queryOptions({
    queryKey: ["office", "promotions", cursor],
    queryFn: ({ signal }) =>
      api.get<Page<PromotionJson>>("/admin/promotions", { signal, query: { cursor, limit: 50 } }),
    placeholderData: keepPreviousData,
    // What Stripe refuses, it refuses again.
    retry: false,
  });

const parsers = { kind: parseAsStringLiteral(kinds).withDefault("redeem"), cursor: parseAsString };

/** Which kind of codes, and the page; both in the URL. */
export function useCodesState() {
  const [{ kind, cursor }, set] = useQueryStates(parsers, { history: "push" });
  return { kind, cursor, turn: (next: string | null) => void set({ cursor: next }, { scroll: true }) };
}
