"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import type { CheckoutRequest, RedirectJson } from "#api/contract";
import { api, Problem } from "#ui/api";

/**
 * Sends the customer to Stripe's page for a plan or a pack. Who has a plan already goes to the billing page,
 * where it is changed. One key for one intention: a second press is the same checkout.
 */
export function useCheckout() {
  const router = useRouter();
  const intention = useRef({ body: "", key: "" });
  return useMutation({
    mutationFn: (request: CheckoutRequest) => {
      const body = JSON.stringify(request);
      if (intention.current.body !== body) intention.current = { body, key: crypto.randomUUID() };
      return api.post<RedirectJson>("/billing/checkout", request, {
        idempotencyKey: intention.current.key,
      });
    },
    onSuccess: ({ url }) => window.location.assign(url),
    onError: (error) => {
      if (error instanceof Problem && error.code === "already_subscribed") router.push("/billing");
    },
  });
}
