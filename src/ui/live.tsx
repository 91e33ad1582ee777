"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import { create } from "zustand";
import type { BalanceJson } from "#api/contract";
import { api } from "#ui/api";
import { connectLive, type LiveMessage } from "#ui/live-connection";
import { queryKeys } from "#ui/query-keys";

/** What the server says as it happens: balance and runs move in every tab without a reload. */

/** What `GET /balance` answers. */
export type LiveBalance = BalanceJson;

const useLiveState = create<{ connected: boolean; running: readonly string[] }>(() => ({
  connected: false,
  running: [],
}));

/** Holds the browser's stream while it is mounted; stands once, where somebody is signed in. */
export function LiveConnection({ children }: { children?: ReactNode }) {
  const queries = useQueryClient();
  useEffect(
    () =>
      connectLive("/api/v1/events", (message) => {
        if (message.type === "state") {
          useLiveState.setState({ connected: message.connected });
        } else {
          if (message.type === "snapshot")
            useLiveState.setState({ connected: true, running: message.running });
          for (const key of staleKeys(message)) void queries.invalidateQueries({ queryKey: key });
        }
      }),
    [queries],
  );
  return children;
}

/** Which answers a message makes old. A snapshot follows a gap of unknown length: all of them. */
function staleKeys(message: LiveMessage): readonly (readonly string[])[] {
  if (message.type === "state") return [];
  if (message.type === "snapshot") {
    return [...money, queryKeys.runs, ["run"]];
  }
  const runs = message.runs.length > 0 ? [queryKeys.runs, ...message.runs.map(queryKeys.run)] : [];
  return message.balance ? [...runs, ...money] : runs;
}

/** What a moved balance makes old. Payments move it too, wherever they were made. */
const money = [
  queryKeys.balance,
  queryKeys.entries,
  queryKeys.usage,
  queryKeys.plan,
  queryKeys.invoices,
] as const;

/** Whether the stream stands, and which runs it said were going when it began. */
export function useLive(): { connected: boolean; running: readonly string[] } {
  return useLiveState();
}

/** The balance, kept current. `initial` is what the server rendered. Never changed optimistically. */
export function useBalance(initial: LiveBalance | undefined): LiveBalance | undefined {
  const { data } = useQuery({
    queryKey: queryKeys.balance,
    queryFn: ({ signal }) => api.get<LiveBalance>("/balance", { signal, quiet: true }),
    ...(initial && { initialData: initial }),
  });
  return data;
}

function listenOnline(changed: () => void): () => void {
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
}

/** False while the browser knows that it has no network. */
export function useOnline(): boolean {
  return useSyncExternalStore(
    listenOnline,
    () => navigator.onLine,
    () => true,
  );
}
