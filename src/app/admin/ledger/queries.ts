import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { MoneyViewJson, ReconciliationJson, ReconciliationSummaryJson } from "#api/contract";
import { api } from "#ui/api";

export const ledgerKey = ["office", "ledger"] as const;

export type LastReconciliations = { latest: ReconciliationJson | null; done: ReconciliationJson | null };

const pollMs = 1_500;

/** The last proof; asked for again while one is under way. */
export const lastQuery = () =>
  queryOptions({
    queryKey: [...ledgerKey, "last"],
    queryFn: ({ signal }) => api.get<LastReconciliations>("/admin/reconciliations/last", { signal }),
    refetchInterval: ({ state }) => (state.data?.latest?.status === "waiting" ? pollMs : false),
  });

/** The money view of a proof, whose id makes a new one known. */
export const moneyQuery = (proof: string | undefined) =>
  queryOptions({
    queryKey: [...ledgerKey, "money", proof],
    queryFn: ({ signal }) => api.get<MoneyViewJson>("/admin/money", { signal }),
    placeholderData: keepPreviousData,
  });

/** Proofs before this cursor, newest first; the newest one's state makes a change known. */
export const historyQuery = (cursor: string | null, newest: string) =>
  queryOptions({
    queryKey: [...ledgerKey, "history", cursor, newest],
    queryFn: ({ signal }) =>
      api.get<{ data: ReconciliationSummaryJson[]; nextCursor: string | null }>("/admin/reconciliations", {
        signal,
        query: { cursor, limit: 10 },
      }),
    placeholderData: keepPreviousData,
  });
