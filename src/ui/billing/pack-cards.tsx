"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { type Currency, type Pack, packs } from "#billing/catalogue";
import { CreditGlyph } from "#ui/icons";
import { Button } from "#ui/primitives/button";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";
import { useCheckout } from "./use-checkout";

type PackCardsProps = {
  currency: Currency;
  signedIn: boolean;
  /** The page to come back to after paying. */
  returnTo: string;
};

/** The packs of credits side by side, each with its price on its button. */
export function PackCards(props: PackCardsProps) {
  return (
    <ul className="grid gap-4 md:grid-cols-3">
      {packs.map((pack) => (
        <li key={pack.id} className="grid">
          <PackCard pack={pack} {...props} />
        </li>
      ))}
    </ul>
  );
}

function PackCard({ pack, currency, signedIn, returnTo }: PackCardsProps & { pack: Pack }) {
  const t = useTranslations("pricing");
  const format = useFormat();
  const problemText = useProblemText();
  const checkout = useCheckout();
  const size = pack.credits + pack.bonus;
  const cents = pack.prices[currency];
  const words = t("buyPack", { credits: format.credits(size), money: format.money(cents, currency) });
  return (
    <article className="flex flex-col gap-4 rounded-card border border-line bg-surface p-5">
      <div className="grid gap-1">
        <h3 className="num flex items-center gap-2 text-18 font-semibold">
          <CreditGlyph />
          {format.credits(size)}
        </h3>
        <p className="num min-h-5 text-13 text-text-2">
          {pack.bonus > 0
            ? t("bonus", { credits: format.integer(pack.credits), bonus: format.integer(pack.bonus) })
            : t("noBonus")}
        </p>
        <p className="num text-13 text-text-3">
          {pack.expiresAfterMonths === null
            ? t("packNeverExpires")
            : t("packExpires", { months: pack.expiresAfterMonths })}
        </p>
      </div>
      <div className="mt-auto grid gap-2">
        {signedIn ? (
          <Button
            variant="secondary"
            busy={checkout.isPending || checkout.isSuccess}
            onClick={() => checkout.mutate({ kind: "pack", packId: pack.id, currency, returnTo })}
          >
            {words}
          </Button>
        ) : (
          <Button asChild variant="secondary">
            <Link href="/sign-up?next=%2Fpricing">{words}</Link>
          </Button>
        )}
        {checkout.error && (
          <p role="alert" className="text-13 text-danger">
            {problemText(checkout.error)}
          </p>
        )}
      </div>
    </article>
  );
}
