"use client";

import { useQuery } from "@tanstack/react-query";
import { balanceQuery } from "#ui/credits/queries";

/** The credits that may be spent now, kept current; null for a visitor and until it is known. */
export function useAvailable(signedIn: boolean): number | null {
  const { data } = useQuery({
    ...balanceQuery(),
    enabled: signedIn,
  });
  return signedIn ? (data?.available ?? null) : null;
}
