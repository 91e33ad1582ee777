"use client";

import { createContext, useContext } from "react";
import type { AnalyticsScopeJson } from "#api/contract";
import type { ToolNames } from "#ui/office/tool-names";
import type { Range } from "./range";

/** Range, filters, what there is to filter by, and what tools are called, for the cards of a page. */
type Analytics = { range: Range; scope: AnalyticsScopeJson; tools: ToolNames };

export const Context = createContext<Analytics | null>(null);

/** @throws outside of `AnalyticsFrame` */
export function useAnalytics(): Analytics {
  const known = useContext(Context);
  if (!known) throw new Error("A metric stands within AnalyticsFrame.");
  return known;
}
