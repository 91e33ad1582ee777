"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { SmallestPack } from "#ui/billing/smallest-pack";
import { Shortfall } from "#ui/credits/shortfall";
import { Button } from "#ui/primitives/button";
import type { Quote } from "#ui/runs/use-quote";
import { useFormat } from "#ui/use-format";
import type { SiteFacts } from "./tool-view";
import type { ToolInput } from "./use-tool-input";

type TooFewProps = {
  slug: string;
  need: number;
  have: number;
  quote: Quote | null;
  site: SiteFacts;
  form: ToolInput;
};

/** Too few credits for this setting: by how many, which smaller one fits, and where there are more. */
export function TooFew({ slug, need, have, quote, site, form }: TooFewProps) {
  const t = useTranslations("tools.short");
  const here = `/tools/${slug}`;
  const link = "font-medium text-text underline underline-offset-3";
  return (
    <div data-testid="shortfall">
      <Shortfall
        need={need}
        have={have}
        action={
          <div className="grid gap-2">
            <FewerFiles quote={quote} have={have} form={form} />
            {site.sells && <SmallestPack short={need - have} returnTo={here} />}
            <p className="text-13 text-text-2">
              {site.sells
                ? t("comeBack")
                : t.rich("contact", {
                    mail: site.contact,
                    link: (mail) => (
                      <a href={`mailto:${site.contact}`} className={link}>
                        {mail}
                      </a>
                    ),
                  })}{" "}
              <Link href={`/pricing?from=${encodeURIComponent(here)}`} className={link}>
                {t(site.sells ? "offers" : "plans")}
              </Link>
            </p>
          </div>
        }
      />
    </div>
  );
}

const perFile = new Set(["images", "files", "documents"]);

/** How many of the chosen files the balance covers, where the price counts files; else that less costs less. */
function FewerFiles({ quote, have, form }: Pick<TooFewProps, "quote" | "have" | "form">) {
  const t = useTranslations("tools.short");
  const format = useFormat();
  const { items, remove } = form.uploads;
  const [line] = quote?.lines ?? [];
  const counted = quote?.lines.length === 1 && line && perFile.has(line.label) && line.quantity > 1;
  const count = counted ? Math.floor(have / line.unitCredits) : 0;
  if (count < 1 || !line) return <p className="text-13 text-text-2">{t("smaller")}</p>;
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <p className="text-13 text-text-2">
        {t("fewerFiles", {
          count,
          all: items.length,
          price: format.credits(Math.ceil(count * line.unitCredits)),
        })}
      </p>
      <Button
        variant="secondary"
        size="sm"
        onClick={() => {
          for (const { key } of items.slice(count)) remove(key);
        }}
      >
        {t("keepFiles", { count })}
      </Button>
    </div>
  );
}
