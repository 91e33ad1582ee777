"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useEffect, useState } from "react";
import type { Catalogue } from "#billing/catalogue";
import { Problem } from "#ui/api";
import { CatalogueProvider } from "#ui/billing/on-sale";
import { keepPreference } from "#ui/cookie";
import { SignedInProvider } from "#ui/identity/signed-in";
import { Toaster } from "#ui/primitives/toast";
import { PageViews } from "#ui/visits";

declare global {
  interface Window {
    /** Read by the libraries that add style elements (get-nonce). */
    __webpack_nonce__?: string;
  }
}

type ProvidersProps = { signedIn: boolean; catalogue: Catalogue; children: ReactNode };

/** What every page's browser side stands on: server state, URL state, toasts. */
export function Providers({ signedIn, catalogue, children }: ProvidersProps) {
  const [queries] = useState(newQueryClient);
  useNonce();
  useZone();
  return (
    <QueryClientProvider client={queries}>
      <SignedInProvider value={signedIn}>
        <CatalogueProvider value={catalogue}>
          <NuqsAdapter>
            <PageViews />
            {children}
            <Toaster />
          </NuqsAdapter>
        </CatalogueProvider>
      </SignedInProvider>
    </QueryClientProvider>
  );
}

function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // A refusal stays one; only what never got an answer, or met a fault, is worth asking again.
        retry: (failures, error) =>
          failures < 2 && error instanceof Problem && (error.status === 0 || error.status >= 500),
      },
    },
  });
}

/** Gives style elements made in the browser the nonce of the document, which its own scripts carry. */
function useNonce(): void {
  useEffect(() => {
    const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
    if (nonce) window.__webpack_nonce__ = nonce;
  }, []);
}

/** Tells the server which zone to write times in, from the second request on. */
function useZone(): void {
  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!document.cookie.includes(`zone=${encodeURIComponent(zone)}`)) keepPreference("zone", zone);
  }, []);
}
