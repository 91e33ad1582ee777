"use client";

import type { ComponentProps } from "react";
import type { CheckoutRequest } from "#api/contract";
import { cn } from "#cn";
import { Button } from "#ui/primitives/button";
import { useProblemText } from "#ui/problem-text";
import { useCheckout } from "./use-checkout";

type CheckoutButtonProps = Pick<
  ComponentProps<typeof Button>,
  "variant" | "busy" | "disabled" | "className" | "children"
> & {
  request: CheckoutRequest;
};

/** Leads to paying for what its request names, and says beneath why it could not. */
export function CheckoutButton({ request, busy, className, ...look }: CheckoutButtonProps) {
  const problemText = useProblemText();
  const checkout = useCheckout();
  return (
    <div className={cn("grid gap-2", className)}>
      <Button
        {...look}
        busy={busy || checkout.isPending || checkout.isSuccess}
        onClick={() => checkout.mutate(request)}
      />
      {checkout.error && (
        <p role="alert" className="text-13 text-danger">
          {problemText(checkout.error)}
        </p>
      )}
    </div>
  );
}
