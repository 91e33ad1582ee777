import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { MailJson, MailTextJson } from "#api/contract";
import { api } from "#ui/api";

/** The list's filter, as it stands in the URL and as the API takes it. */

export const statuses = ["waiting", "sent", "failed"] as const;
export const filterNames = ["status", "kind", "to"] as const;

type Filter = { status: MailJson["status"] | null; kind: string | null; to: string | null };

const watchMs = 3_000;

export const mailsQuery = (query: Filter, cursor: string | null) =>
  queryOptions({
    queryKey: ["office", "mails", query, cursor],
    queryFn: ({ signal }) =>
      api.get<{ data: MailJson[]; nextCursor: string | null }>("/admin/mails", {
        signal,
        query: { ...query, cursor, limit: 50 },
      }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.data.some(({ status }) => status === "waiting") ? watchMs : false,
  });

export const mailQuery = (id: string) =>
  queryOptions({
    queryKey: ["office", "mail", id],
    queryFn: ({ signal }) => api.get<MailTextJson>(`/admin/mails/${id}`, { signal }),
  });

const parsers = {
  status: parseAsStringLiteral(statuses),
  kind: parseAsString,
  to: parseAsString,
  cursor: parseAsString,
  /** The mail whose sheet is open. */
  mail: parseAsString,
};

/** Filter, page and open mail, in the URL. */
export function useMailsState() {
  const [{ cursor, mail, ...query }, set] = useQueryStates(parsers, { history: "push" });
  return {
    query,
    cursor,
    mail,
    filtered: filterNames.some((name) => query[name] !== null),
    clear: () => void set(null),
    open: (id: string | null) => void set({ mail: id }),
    turn: (next: string | null) => void set({ cursor: next }, { scroll: true }),
  };
}
