"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import type { PlanStandingJson, StripeOutcomeJson } from "#api/contract";
import { api } from "#ui/api";
import { useIntention } from "#ui/intention";
import { requireDone } from "./outcome";

/** What the dialogs about a customer's plan share. */

export type PlanDialogProps = {
  customer: { id: string; name: string };
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

/** Where the plan stands, asked anew each time a dialog opens. */
export function useStanding(customerId: string, open: boolean) {
  return useQuery({
    queryKey: ["office", "subscription", customerId],
    queryFn: ({ signal }) =>
      api.get<PlanStandingJson>(`/admin/customers/${customerId}/subscription`, { signal }),
    enabled: open,
    staleTime: 0,
  });
}

/** Asks for an act that Stripe carries out; the page then shows what came of it. */
export function useStripeAct(path: string) {
  const intention = useIntention();
  const router = useRouter();
  const queries = useQueryClient();
  return async (body: Readonly<Record<string, unknown>>) => {
    const outcome = await api.post<StripeOutcomeJson>(path, body, { idempotencyKey: intention.keyFor(body) });
    intention.done();
    router.refresh();
    await queries.invalidateQueries({ queryKey: ["office"] });
    return requireDone(outcome);
  };
}

/** "Premium, yearly". */
export function usePlanName(): (plan: {
  planId: PlanStandingJson["planId"];
  interval: "month" | "year";
}) => string {
  const names = useTranslations("pricing.plan");
  const t = useTranslations("office.customer.planPaid");
  return ({ planId, interval }) => t(interval, { plan: names(planId) });
}
