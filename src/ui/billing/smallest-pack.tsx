"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { defaultCurrency, type Pack, packs } from "#billing/catalogue";
import { Button } from "#ui/primitives/button";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";
import { billingQuery } from "./queries";
import { useCheckout } from "./use-checkout";

type SmallestPackProps = {
  /** How many credits are missing. */
  short: number;
  /** The page to come back to after paying. */
  returnTo: string;
};

/** Buys the smallest pack that covers what is missing, and leads back. */
export function SmallestPack({ short, returnTo }: SmallestPackProps) {
  const t = useTranslations("pricing");
  const format = useFormat();
  const locale = useLocale();
  const problemText = useProblemText();
  const checkout = useCheckout();
  const { data: billing, isPending } = useQuery(billingQuery());
  const pack = packFor(short);
  if (!pack) return null;
  const currency = billing?.subscription?.currency ?? (locale === "zh" ? "cny" : defaultCurrency);
  return (
    <div className="grid justify-items-start gap-1.5">
      <Button
        busy={isPending || checkout.isPending || checkout.isSuccess}
        onClick={() => checkout.mutate({ kind: "pack", packId: pack.id, currency, returnTo })}
      >
        {t("buyPack", {
          credits: format.credits(pack.credits + pack.bonus),
          money: format.money(pack.prices[currency], currency),
        })}
      </Button>
      {checkout.error && (
        <p role="alert" className="text-13 text-danger">
          {problemText(checkout.error)}
        </p>
      )}
    </div>
  );
}

/** Of what no pack covers, the largest. */
export function packFor(short: number): Pack | undefined {
  return packs.find(({ credits, bonus }) => credits + bonus >= short) ?? packs.at(-1);
}
