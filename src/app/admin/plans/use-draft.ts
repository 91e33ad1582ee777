import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { CatalogueOfficeJson } from "#api/contract";
import type { Catalogue } from "#billing/catalogue";
import { api, Problem } from "#ui/api";

/** The draft as this browser has it: what was read, what was typed since, and saving it. */

const key = ["office", "catalogue"] as const;
const saving = [...key, "save"];
/** How often it is looked while prices wait for Stripe. */
const watchMs = 2_000;

export const officeQuery = () =>
  queryOptions({
    queryKey: key,
    queryFn: ({ signal }) => api.get<CatalogueOfficeJson>("/admin/catalogue", { signal }),
    refetchInterval: ({ state }) =>
      state.data?.sells && state.data.prices.some((price) => price.state === "waiting") ? watchMs : false,
  });

export type DraftState = ReturnType<typeof useDraft>;

export function useDraft(office: CatalogueOfficeJson) {
  const queries = useQueryClient();
  // What was typed, and over which draft; null while nothing was.
  const [typed, setTyped] = useState<{ content: Catalogue; seen: Seen } | null>(null);
  const seen = { version: office.version, revision: office.revision };
  const [unread, setUnread] = useState<ReadonlyMap<string, string>>(new Map());
  const settle = (next: CatalogueOfficeJson) => {
    queries.setQueryData(key, next);
    setTyped(null);
  };
  const save = useMutation({
    mutationKey: saving,
    mutationFn: ({ content, over }: { content: Catalogue; over: Seen }) =>
      api.patch<CatalogueOfficeJson>("/admin/catalogue/draft", { seen: over, content }),
    onSuccess: settle,
    onError: (error) => {
      if (isStale(error)) void queries.invalidateQueries({ queryKey: key });
    },
  });
  /** Nothing is sent twice, nor while a figure cannot be read. */
  const send = (over: Seen | undefined) => {
    if (typed && over && unread.size === 0 && queries.isMutating({ mutationKey: saving }) === 0)
      save.mutate({ content: typed.content, over });
  };
  const discard = useMutation({
    mutationFn: () => api.post<CatalogueOfficeJson>("/admin/catalogue/draft/discard", { seen }),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
    onSuccess: settle,
  });
  const publish = async (reason: string) =>
    settle(await api.post<CatalogueOfficeJson>("/admin/catalogue/publish", { seen, reason }));
  return {
    content: typed?.content ?? office.draft?.content ?? office.published,
    dirty: typed !== null || unread.size > 0,
    unread: {
      texts: unread,
      set: (path: string, text: string | null) =>
        setUnread((was) => {
          const next = new Map(was);
          if (text === null) next.delete(path);
          else next.set(path, text);
          return next;
        }),
    },
    change: (content: Catalogue) => setTyped((was) => ({ content, seen: was?.seen ?? seen })),
    save: () => send(typed?.seen),
    /** Mine over theirs, now that it is known what theirs is. */
    saveOver: () => send(seen),
    forget: () => {
      setTyped(null);
      setUnread(new Map());
      save.reset();
    },
    saving: save.isPending,
    stale: save.error instanceof Problem && isStale(save.error) ? save.error : null,
    wrong: save.error instanceof Problem && save.error.code === "invalid_request" ? save.error.errors : [],
    failed: save.error !== null && !isStale(save.error) ? save.error : null,
    discard,
    publish,
  };
}

type Seen = { version: number; revision: number };

export function isStale(error: unknown): boolean {
  return error instanceof Problem && error.code === "draft_stale";
}
