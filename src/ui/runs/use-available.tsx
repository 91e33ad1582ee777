"use client";

import { useQuery } from "@tanstack/react-query";
import { api } from "#ui/api";
import type { LiveBalance } from "#ui/live";
import { queryKeys } from "#ui/query-keys";

/** The credits that may be spent now, kept current; null for a visitor and until it is known. */
export function useAvailable(signedIn: boolean): number | null {
  const { data } = useQuery({
    queryKey: queryKeys.balance,
    queryFn: ({ signal }) => api.get<LiveBalance>("/balance", { signal }),
    enabled: signedIn,
  });
  return signedIn ? (data?.available ?? null) : null;
}
