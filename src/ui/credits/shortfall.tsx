"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "#cn";
import { useFormat } from "#ui/use-format";

type ShortfallProps = {
  need: number;
  have: number;
  /** What helps: a pack that covers it, or how credits come. */
  action?: ReactNode;
  className?: string;
};

/** Not enough for this setting: need, have, short. */
export function Shortfall({ need, have, action, className }: ShortfallProps) {
  const t = useTranslations("common.credits");
  const format = useFormat();
  const figures = [
    { name: t("need"), value: need, style: "text-text" },
    { name: t("have"), value: have, style: "text-text" },
    { name: t("short"), value: need - have, style: "text-danger" },
  ];
  return (
    <section
      role="status"
      className={cn("grid gap-3 rounded-card border border-line bg-surface p-4", className)}
    >
      <p className="text-14 font-semibold text-text">{t("shortTitle")}</p>
      <dl className="num grid grid-cols-3 divide-x divide-line">
        {figures.map(({ name, value, style }) => (
          <div key={name} className="grid gap-0.5 px-4 first:pl-0">
            <dt className="text-12 text-text-3">{name}</dt>
            <dd className={cn("text-20 font-semibold", style)}>{format.integer(value)}</dd>
          </div>
        ))}
      </dl>
      <p className="sr-only">
        {t("shortText", {
          need: format.credits(need),
          have: format.credits(have),
          short: format.credits(need - have),
        })}
      </p>
      {action}
    </section>
  );
}
