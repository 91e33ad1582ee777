"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Rolling } from "#ui/credits/rolling";
import { CreditGlyph } from "#ui/icons";
import { type LiveBalance, useBalance } from "#ui/live";
import { useFormat } from "#ui/use-format";

/** The balance as every header shows it: from the server first, then live. */
export function HeaderBalance({ initial }: { initial: LiveBalance }) {
  const t = useTranslations("shell");
  const format = useFormat();
  const { available, held } = useBalance(initial) ?? initial;
  return (
    <Link
      href="/credits"
      data-testid="header-balance"
      className="flex h-9 items-center gap-2 rounded-control border border-line bg-surface px-2.5 text-13 transition-colors duration-120 hover:border-line-strong pointer-coarse:h-11"
    >
      <CreditGlyph />
      <span className="sr-only">{t("balance", { credits: format.credits(available) })}</span>
      <span aria-hidden="true" className="whitespace-nowrap font-semibold text-text">
        <Rolling value={available} text={format.integer(available)} />{" "}
        <span className="font-normal text-text-3 max-sm:hidden">{format.creditUnit(available)}</span>
      </span>
      {held > 0 && (
        <span className="num hidden border-l border-line pl-2 text-hold sm:inline">
          {t("onHold", { credits: format.integer(held) })}
        </span>
      )}
    </Link>
  );
}
