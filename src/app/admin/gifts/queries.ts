import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import type { GiftJson, GiftNowJson } from "#api/contract";
import { api } from "#ui/api";

/** How often the list looks while a job gives or takes, in ms. */
const watchMs = 1_500;
const isMoving = ({ status }: Pick<GiftJson, "status">) => status === "giving" || status === "undoing";

export const giftsQuery = (cursor: string | null) =>
  queryOptions({
    queryKey: ["office", "gifts", cursor],
    queryFn: ({ signal }) =>
      api.get<{ data: GiftJson[]; nextCursor: string | null }>("/admin/gifts", {
        signal,
        query: { cursor, limit: 50 },
      }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.data.some(isMoving) ? watchMs : false),
  });

export const giftQuery = (id: string) =>
  queryOptions({
    queryKey: ["office", "gifts", "one", id],
    queryFn: ({ signal }) => api.get<GiftNowJson>(`/admin/gifts/${id}`, { signal }),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? watchMs : false),
  });

const parsers = {
  cursor: parseAsString,
  /** The gift whose sheet is open. */
  gift: parseAsString,
};

/** Page and open gift, in the URL. */
export function useGiftsState() {
  const [{ cursor, gift }, set] = useQueryStates(parsers, { history: "push" });
  return {
    cursor,
    gift,
    open: (id: string | null) => void set({ gift: id }),
    turn: (next: string | null) => void set({ cursor: next }, { scroll: true }),
  };
}
