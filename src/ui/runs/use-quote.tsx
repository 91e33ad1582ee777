"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { QuoteJson } from "#api/contract";
import { api, type Problem } from "#ui/api";
import { queryKeys } from "#ui/query-keys";
import { useFormat } from "#ui/use-format";
import type { RunInput } from "./run";

/** A price as the API tells it; the balance is null for a visitor, who pays nothing. */
export type Quote = QuoteJson;

/** Typing is let to settle for so long. */
const settleMs = 200;

export type QuoteState = {
  quote: Quote | null;
  problem: Problem | null;
  /** True while what is shown is older than the form. */
  pending: boolean;
};

/**
 * The price of an input and the balance after it, kept up to date while the form changes. Answers are kept by
 * input, so a late answer to an older input is never shown for a newer one.
 * @param input null while there is nothing to price.
 * @param balance what is available now: when it changes, the quote is asked for anew.
 * @param path where it is asked for.
 */
export function useQuote(
  slug: string,
  input: RunInput | null,
  balance: number | null,
  path = `/tools/${slug}/quote`,
): QuoteState {
  const body = input && JSON.stringify(input);
  const settled = useSettled(body);
  const query = useQuery<Quote, Problem>({
    queryKey: [...queryKeys.quote, path, settled, balance],
    queryFn: ({ signal }) =>
      api.post<Quote>(path, { input: JSON.parse(settled ?? "{}") }, { signal, quiet: true }),
    enabled: settled !== null && body !== null,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    gcTime: 60_000,
  });
  if (body === null) return { quote: null, problem: null, pending: false };
  const current = settled === body && !query.isPlaceholderData;
  return {
    quote: query.data ?? null,
    problem: current ? query.error : null,
    pending: !current || query.isPending,
  };
}

/** The value, once it has not changed for a moment; the first one, and none, at once. */
function useSettled(value: string | null): string | null {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    if (value === null || settled === null) {
      setSettled(value);
      return;
    }
    if (value === settled) return;
    const timer = setTimeout(() => setSettled(value), settleMs);
    return () => clearTimeout(timer);
  }, [value, settled]);
  return settled;
}

/** The price of a quote in words: "4 credits", "up to 9 credits". */
export function useQuotedPrice(): (quote: Pick<Quote, "kind" | "credits">) => string {
  const t = useTranslations("runs.view");
  const format = useFormat();
  return ({ kind, credits }) =>
    kind === "upTo" ? t("upTo", { credits: format.credits(credits) }) : format.credits(credits);
}
