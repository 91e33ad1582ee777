"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Currency, Pack } from "#billing/catalogue";
import { CreditGlyph } from "#ui/icons";
import { withNext } from "#ui/identity/auth-client";
import { Button } from "#ui/primitives/button";
import { useFormat } from "#ui/use-format";
import { CheckoutButton } from "./checkout-button";
import { useCatalogue } from "./on-sale";
import { usePackWords } from "./pack-words";

type PackCardsProps = {
  currency: Currency;
  signedIn: boolean;
  /** The page to come back to after paying. */
  returnTo: string;
};

/** The packs of credits side by side, each with its price on its button. */
export function PackCards(props: PackCardsProps) {
  const { packs } = useCatalogue();
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

/** One pack. */
export function PackCard({ pack, currency, signedIn, returnTo }: PackCardsProps & { pack: Pack }) {
  const t = useTranslations("pricing");
  const format = useFormat();
  const words = usePackWords();
  return (
    <article className="flex flex-col gap-4 rounded-card border border-line bg-surface p-5">
      <div className="grid gap-1">
        <h3 className="num flex items-center gap-2 text-18 font-semibold">
          <CreditGlyph />
          {format.credits(pack.credits + pack.bonus)}
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
      <div className="mt-auto grid">
        {signedIn ? (
          <CheckoutButton variant="secondary" request={{ kind: "pack", packId: pack.id, currency, returnTo }}>
            {words(pack, currency)}
          </CheckoutButton>
        ) : (
          <Button asChild variant="secondary">
            <Link href={withNext("/sign-up", "/pricing")}>{words(pack, currency)}</Link>
          </Button>
        )}
      </div>
    </article>
  );
}
