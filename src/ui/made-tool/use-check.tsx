"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { ToolCheckJson } from "#api/contract";
import type { MadeDefinition } from "#tools/made";
import { api, type Problem } from "#ui/api";
import { unread } from "./unread";

/** Typing is let to settle for so long. */
const settleMs = 300;

export type Check = {
  /** The last in which everything fitted: what stands beside the form meanwhile. */
  fitted: ToolCheckJson | null;
  /** By path, in words: what the server says, and figures that cannot be read. */
  faults: ReadonlyMap<string, string>;
  /** What was found is of what stands in the form now. */
  current: boolean;
};

/** What the server says of a definition while it changes: what does not fit, its form, what a run costs and brings. */
export function useCheck(definition: MadeDefinition): Check {
  const t = useTranslations("common");
  const locale = useLocale();
  const [fitted, setFitted] = useState<ToolCheckJson | null>(null);
  const body = JSON.stringify(definition);
  const [settled, setSettled] = useState(body);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(body), settleMs);
    return () => clearTimeout(timer);
  }, [body]);
  const { data, isPlaceholderData } = useQuery<ToolCheckJson, Problem>({
    queryKey: ["tool-check", settled, locale],
    queryFn: ({ signal }) =>
      api.post<ToolCheckJson>(
        "/admin/tools/check",
        { definition: JSON.parse(settled) },
        { signal, quiet: true, query: { locale } },
      ),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
  const found = data?.faults.map(({ path, message }): [string, string] => [path, message]) ?? [];
  const figures = unread(definition).map((path): [string, string] => [path, t("numberWrong")]);
  if (data && data.faults.length === 0 && data !== fitted) setFitted(data);
  return {
    fitted,
    faults: new Map([...found, ...figures]),
    current: settled === body && data !== undefined && !isPlaceholderData,
  };
}
