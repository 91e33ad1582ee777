import { createParser, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { addDays, dayOf, isDay, startOfDay } from "#format";

/** Which entries the history shows. It stands in the URL, so that reload, Back and a sent link keep it. */

export const entryKinds = ["issued", "consumed", "expired", "reversed"] as const;
export type EntryKind = (typeof entryKinds)[number];

export const tabs = ["entries", "lots"] as const;

const parseAsDay = createParser({
  parse: (text: string) => (isDay(text) ? text : null),
  serialize: (day: string) => day,
});

export const filterParsers = {
  kind: parseAsStringLiteral(entryKinds),
  tool: parseAsString,
  /** Days in the reader's zone, both included. */
  from: parseAsDay,
  to: parseAsDay,
};

export const filterNames = ["kind", "tool", "from", "to"] as const satisfies (keyof typeof filterParsers)[];

export type Filter = { kind: EntryKind | null; tool: string | null; from: string | null; to: string | null };

export const noFilter: Filter = { kind: null, tool: null, from: null, to: null };

export function isFiltered({ kind, tool, from, to }: Filter): boolean {
  return kind !== null || tool !== null || from !== null || to !== null;
}

/** The filter as the API takes it: days become moments, the last day's end included. */
export function filterQuery(
  { kind, tool, from, to }: Filter,
  timeZone: string,
): { kind: EntryKind | null; tool: string | null; from: string | null; to: string | null } {
  return {
    kind,
    tool,
    from: from && startOfDay(from, timeZone).toISOString(),
    to: to && startOfDay(addDays(to, 1), timeZone).toISOString(),
  };
}

/** Whether a hold belongs among the entries that a filter shows: an open one by its begin, another by its end. */
export function showsHold(
  { kind, tool, from, to }: Filter,
  { cause, createdAt, endedAt }: { cause: string; createdAt: string; endedAt: string | null },
  timeZone: string,
): boolean {
  const day = dayOf(new Date(endedAt ?? createdAt), timeZone);
  return (
    kind === null &&
    (tool === null || cause === `tool:${tool}`) &&
    (from === null || day >= from) &&
    (to === null || day <= to)
  );
}

type Listed = { createdAt: string };

/**
 * The time that a page of entries covers: after the next page's newest entry, up to its own newest one. The
 * first page has no end, the last no begin; so what happened between two pages stands on just one.
 */
export function spanOf(
  page: readonly Listed[],
  next: readonly Listed[] | null,
  { first }: { first: boolean },
): { after: string | null; until: string | null } {
  return {
    after: next ? ((next[0] ?? page.at(-1))?.createdAt ?? null) : null,
    until: first ? null : (page[0]?.createdAt ?? null),
  };
}

/** Whether a hold that has ended did so in a page's time. */
export function endedWithin(
  { endedAt }: { endedAt: string | null },
  { after, until }: ReturnType<typeof spanOf>,
): boolean {
  return endedAt !== null && (after === null || endedAt > after) && (until === null || endedAt <= until);
}
