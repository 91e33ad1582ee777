"use client";

import { useTranslations } from "next-intl";
import type { KeyJson } from "#api/contract";
import { useFormat } from "#ui/use-format";

/** What a key has come to of its cap, as a bar and in words; without a cap what it spent of late. */
export function CapCell({ apiKey: { cap, used, spentLast30Days } }: { apiKey: KeyJson }) {
  const t = useTranslations("keys");
  const format = useFormat();
  if (cap === null || used === null) {
    return (
      <span className="grid gap-0.5 max-sm:justify-items-end">
        <span className="num">{t("spentLately", { credits: format.credits(spentLast30Days) })}</span>
        <span className="text-12 text-text-3">{t("noCap")}</span>
      </span>
    );
  }
  const { spent, held } = used;
  const words = t("ofCap", { used: format.integer(spent + held), cap: format.credits(cap) });
  const share = (part: number) => `${(100 * part) / cap}%`;
  return (
    <span className="grid w-44 gap-1.5 max-sm:w-40">
      <span className="num whitespace-nowrap">{words}</span>
      <span role="img" aria-label={words} className="flex h-1.5 overflow-hidden rounded-full bg-line">
        <span className="bg-mint" style={{ width: share(spent) }} />
        <span className="hatched" style={{ width: share(held) }} />
      </span>
      {held > 0 && <span className="text-12 text-hold">{t("held", { credits: format.credits(held) })}</span>}
      {spent + held >= cap && <span className="text-12 text-danger">{t("capReached")}</span>}
    </span>
  );
}
