"use client";

import { createContext, useContext } from "react";
import type { AnalyticsScopeJson } from "#api/contract";
import type { ToolNames } from "#ui/office/tool-names";
import type { Range } from "./range";

/** Range, filters, what there is to filter by, what tools are called, and what the reader may see, for the cards. */
type Analytics = {
  range: Range;
  scope: AnalyticsScopeJson;
  tools: ToolNames;
  /** Whether a customer's page opens to whoever reads. */
  seesCustomers: boolean;
};

export const Context = createContext<Analytics | null>(null);

/** @throws outside of `AnalyticsFrame` */
export function useAnalytics(): Analytics {
  const known = useContext(Context);
  if (!known) throw new Error("A metric stands within AnalyticsFrame.");
  return known;
}
