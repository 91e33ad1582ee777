import { parseAsString, useQueryStates } from "nuqs";
import type { EntryQuery } from "#ui/credits/queries";
import { useFormat } from "#ui/use-format";
import { type Filter, filterParsers, filterQuery } from "./filter";

/** The filter and the page that stand in the URL. */
export function useFilter(): {
  filter: Filter;
  /** The filter as the API takes it. */
  query: EntryQuery;
  cursor: string | null;
  clear: () => void;
  turn: (cursor: string | null) => void;
} {
  const { timeZone } = useFormat();
  const [{ cursor, ...filter }, set] = useQueryStates({ ...filterParsers, cursor: parseAsString });
  return {
    filter,
    query: filterQuery(filter, timeZone),
    cursor,
    clear: () => void set(null, { history: "push" }),
    turn: (next) => void set({ cursor: next }, { history: "push", scroll: true }),
  };
}
