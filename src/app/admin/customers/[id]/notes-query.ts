import { infiniteQueryOptions } from "@tanstack/react-query";
import type { NoteJson } from "#api/contract";
import { api } from "#ui/api";

/** A customer's notes, pinned ones first; what is older is fetched on demand. */
export const notesQuery = (customerId: string) =>
  infiniteQueryOptions({
    queryKey: ["office", "notes", customerId],
    queryFn: ({ signal, pageParam }) =>
      api.get<{ data: NoteJson[]; nextCursor: string | null }>(`/admin/customers/${customerId}/notes`, {
        signal,
        query: { cursor: pageParam, limit: 25 },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
