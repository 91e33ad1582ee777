import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { KeyJson } from "#api/contract";
import { api } from "#ui/api";
import { queryKeys } from "#ui/query-keys";
import type { KeyKind, Scope } from "./presets";

/** A key with its secret, which is said this once. */
export type NewSecret = { key: KeyJson; secret: string };
export type NewKey = {
  kind: KeyKind;
  name: string;
  scopes: readonly Scope[];
  cap: number | null;
  expiresAt: string | null;
};

export function keysQuery(kind: KeyKind) {
  return queryOptions({
    queryKey: [...queryKeys.keys, kind],
    queryFn: async ({ signal }) =>
      (await api.get<{ data: KeyJson[] }>("/keys", { query: { kind }, signal })).data,
  });
}

/** One act on keys; the lists are read anew when it has succeeded. */
export function useKeyAct<Given, Answer>(act: (given: Given) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: queryKeys.keys });
    },
  });
}

/** Where a key stands at a time. */
export function stateOf({ revokedAt, expiresAt }: KeyJson, now: Date): "live" | "revoked" | "expired" {
  if (revokedAt) return "revoked";
  return expiresAt && new Date(expiresAt) <= now ? "expired" : "live";
}
