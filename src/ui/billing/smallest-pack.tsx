"use client";

import { useQuery } from "@tanstack/react-query";
import type { Pack } from "#billing/catalogue";
import { CheckoutButton } from "./checkout-button";
import { useCurrency } from "./currency";
import { useCatalogue } from "./on-sale";
import { usePackWords } from "./pack-words";
import { billingQuery } from "./queries";

type SmallestPackProps = {
  /** How many credits are missing. */
  short: number;
  /** The page to come back to after paying. */
  returnTo: string;
};

/** Buys the smallest pack that covers what is missing, and leads back. */
export function SmallestPack({ short, returnTo }: SmallestPackProps) {
  const { data: billing, isPending } = useQuery(billingQuery());
  const currency = useCurrency(billing);
  const words = usePackWords();
  const { packs } = useCatalogue();
  const pack = packFor(short, packs);
  if (!pack) return null;
  return (
    <CheckoutButton
      className="justify-items-start"
      busy={isPending}
      request={{ kind: "pack", packId: pack.id, currency, returnTo }}
    >
      {words(pack, currency)}
    </CheckoutButton>
  );
}

/** Of what no pack covers, the largest. */
export function packFor(short: number, packs: readonly Pack[]): Pack | undefined {
  const bySize = [...packs].sort((a, b) => a.credits + a.bonus - b.credits - b.bonus);
  return bySize.find(({ credits, bonus }) => credits + bonus >= short) ?? bySize.at(-1);
}
