"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import type { CheckoutRequest, RedirectJson } from "#api/contract";
import { api, Problem } from "#ui/api";
import { useIntention } from "#ui/intention";

/**
 * Sends the customer to Stripe's page for a plan or a pack. Who has a plan already goes to the billing page,
 * where it is changed. One key for one intention: a second press is the same checkout.
 */
export function useCheckout() {
  const router = useRouter();
  const intention = useIntention();
  const checkout = useMutation({
    mutationFn: (request: CheckoutRequest) =>
      api.post<RedirectJson>("/billing/checkout", request, { idempotencyKey: intention.keyFor(request) }),
    onSuccess: ({ url }) => window.location.assign(url),
    onError: (error) => {
      if (error instanceof Problem && error.code === "already_subscribed") router.push("/billing");
    },
  });
  const { reset } = checkout;
  const { done } = intention;
  useEffect(() => {
    // Back from Stripe's page the browser may show this one as it was left, with its button pressed.
    const onShow = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return;
      done();
      reset();
    };
    window.addEventListener("pageshow", onShow);
    return () => window.removeEventListener("pageshow", onShow);
  }, [reset, done]);
  return checkout;
}
