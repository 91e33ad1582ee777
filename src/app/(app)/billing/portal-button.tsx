"use client";

import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { PortalRequest, RedirectJson } from "#api/contract";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { useProblemText } from "#ui/problem-text";

/** Leads to Stripe's own page, where cards are kept. */
export function PortalButton({ children }: { children: ReactNode }) {
  const problemText = useProblemText();
  const portal = useMutation({
    mutationFn: (request: PortalRequest) => api.post<RedirectJson>("/billing/portal", request),
    onSuccess: ({ url }) => window.location.assign(url),
  });
  return (
    <span className="inline-grid gap-1.5">
      <Button
        variant="secondary"
        busy={portal.isPending || portal.isSuccess}
        onClick={() => portal.mutate({ returnTo: "/billing" })}
      >
        {children}
      </Button>
      {portal.error && (
        <span role="alert" className="text-13 text-danger">
          {problemText(portal.error)}
        </span>
      )}
    </span>
  );
}
