"use client";

import { useLocale } from "next-intl";
import type { BillingJson } from "#api/contract";
import { type Currency, defaultCurrency } from "#billing/catalogue";

/** What a customer pays in: as for the plan they have, else what they chose, else as their language suggests. */
export function useCurrency(billing: BillingJson | undefined, chosen: Currency | null = null): Currency {
  const locale = useLocale();
  return billing?.subscription?.currency ?? chosen ?? (locale === "zh" ? "cny" : defaultCurrency);
}
