import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { BillingJson, CheckoutJson, InvoicePageJson } from "#api/contract";
import { api } from "#ui/api";
import { queryKeys } from "#ui/query-keys";

/** What the browser asks about plan and payments. */

export const billingQuery = () =>
  queryOptions({
    queryKey: queryKeys.billing,
    queryFn: ({ signal }) => api.get<BillingJson>("/billing", { signal }),
  });

export const invoicesQuery = () =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.billing, "invoices"],
    queryFn: ({ signal, pageParam }) =>
      api.get<InvoicePageJson>("/billing/invoices", { signal, query: { limit: 12, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

/** How often the way back from paying asks again, the live stream apart. */
const checkoutPollMs = 1_500;

export const checkoutQuery = (sessionId: string) =>
  queryOptions({
    queryKey: [...queryKeys.billing, "checkout", sessionId],
    queryFn: ({ signal }) =>
      api.get<CheckoutJson>(`/billing/checkout/${encodeURIComponent(sessionId)}`, { signal }),
    refetchInterval: ({ state }) =>
      state.data?.state === "confirming" || state.data?.state === "open" ? checkoutPollMs : false,
  });
