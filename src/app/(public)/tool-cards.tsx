import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { findMissing, listOffered, unitPrice } from "#tools";
import { Badge } from "#ui/primitives/badge";
import { PriceText } from "#ui/public/price-text";
import { ToolTile } from "#ui/tool-icon";

/** Every tool as a card: verb first, one line, what goes in and comes out, its price. */
export async function ToolCards() {
  const t = await getTranslations("landing.tools");
  const state = await getTranslations("common.state");
  const locale = await getLocale();
  const offered = await listOffered();
  const missing = await findMissing(offered);
  return (
    <section aria-labelledby="tools-title" className="page grid gap-8 pt-20 max-md:pt-14">
      <header className="flex flex-wrap items-end justify-between gap-4">
        <div className="grid gap-2">
          <h2 id="tools-title" className="font-display text-30 font-semibold">
            {t("title")}
          </h2>
          <p className="max-w-prose text-14 text-text-2">{t("text")}</p>
        </div>
        <Link href="/tools" className="inline-flex items-center gap-1.5 text-14 font-medium hover:underline">
          {t("all")}
          <ArrowRight aria-hidden="true" className="size-4" strokeWidth={1.75} />
        </Link>
      </header>
      <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {offered.map((tool) => {
          const { name, summary, takes, gives } = tool.texts[locale];
          const price = unitPrice(tool);
          return (
            <li
              key={tool.slug}
              className="group relative grid grid-rows-[auto_1fr_auto] gap-4 rounded-card border border-line bg-surface p-5 transition-colors duration-120 hover:border-line-strong"
            >
              <div className="flex items-start justify-between gap-3">
                <ToolTile name={tool.icon} />
                {missing.has(tool.slug) && <Badge>{state("notConfigured")}</Badge>}
              </div>
              <div className="grid content-start gap-1">
                <h3 className="text-16 font-semibold">
                  <Link
                    href={`/tools/${tool.slug}`}
                    className="after:absolute after:inset-0 after:rounded-card after:content-['']"
                  >
                    {name}
                  </Link>
                </h3>
                <p className="text-14 text-text-2">{summary}</p>
              </div>
              <div className="grid gap-2 border-t border-line pt-3.5 text-13">
                <p className="text-text-3">{t("from", { takes, gives })}</p>
                {price && (
                  <p className="font-medium text-text">
                    <PriceText price={price} />
                  </p>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
