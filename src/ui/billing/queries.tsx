import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { BillingJson, CheckoutJson, InvoicePageJson } from "#api/contract";
import { api } from "#ui/api";
import { queryKeys } from "#ui/query-keys";

/** What the browser asks about plan and payments. */

export const billingQuery = () =>
  queryOptions({
    queryKey: queryKeys.plan,
    queryFn: ({ signal }) => api.get<BillingJson>("/billing", { signal }),
    refetchInterval: ({ state }) => (state.data && waitsForPayment(state.data) ? payPollMs : false),
  });

export const invoicesQuery = () =>
  infiniteQueryOptions({
    queryKey: queryKeys.invoices,
    queryFn: ({ signal, pageParam }) =>
      api.get<InvoicePageJson>("/billing/invoices", { signal, query: { limit: 12, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ data }) => data.some(({ status }) => status === "open")) ? payPollMs : false,
  });

/** How often something that is paid elsewhere is looked at, should the live stream not tell of it. */
const payPollMs = 5_000;

/** An invoice is open on Stripe's page, perhaps in another tab. */
function waitsForPayment({ pastDue, pendingChange, topUp }: BillingJson): boolean {
  return pastDue !== null || Boolean(pendingChange?.payUrl ?? topUp.paused?.payUrl);
}

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
