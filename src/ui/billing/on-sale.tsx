"use client";

import { createContext, useContext } from "react";
import type { Catalogue } from "#billing/catalogue";

const CatalogueContext = createContext<Catalogue>({ plans: [], packs: [] });

/** Puts what is on sale within reach of every component; the server reads it with each page. */
export const CatalogueProvider = CatalogueContext.Provider;

/** The plans and packs that can be bought, in the order of the pricing page. */
export function useCatalogue(): Catalogue {
  return useContext(CatalogueContext);
}
