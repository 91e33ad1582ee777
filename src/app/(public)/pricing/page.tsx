import type { Metadata } from "next";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { sells } from "#billing";
import type { Locale } from "#i18n/locale";
import { config } from "#platform/config";
import { findMissing, listOffered, type Tool, type UnitPrice, unitPrice } from "#tools";
import type { ToolYield } from "#ui/billing/plan-card";
import { CreditGlyph } from "#ui/icons";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { Faq } from "#ui/public/faq";
import { PriceText } from "#ui/public/price-text";
import { serverFormat } from "#ui/server-format";
import { pageMetadata } from "#ui/shell/metadata";
import { pageSession } from "#ui/shell/session";
import { ToolIcon } from "#ui/tool-icon";
import { Offer } from "./offer";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("pricing");
  return pageMetadata({ path: "/pricing", title: t("title"), description: t("description") });
}

type PageProps = { searchParams: Promise<{ from?: string | string[] }> };

/** `?from=/tools/ocr`: whoever lacks credits there comes back there with them. */
export default async function PricingPage({ searchParams }: PageProps) {
  const { from } = await searchParams;
  const cameFrom = typeof from === "string" && /^\/tools\/[a-z0-9-]{1,100}$/.test(from) ? from : null;
  const t = await getTranslations("pricing");
  const format = await serverFormat();
  const session = await pageSession();
  const { WELCOME_CREDITS } = config();
  const selling = sells();
  const offered = await listOffered();
  const missing = await findMissing(offered);
  const ready = offered.filter(({ slug }) => !missing.has(slug));
  const credits = format.credits(WELCOME_CREDITS);
  return (
    <>
      <div className="page grid gap-10 py-12 md:py-16">
        <header className="grid max-w-prose gap-4">
          <h1 className="font-display text-40 font-semibold sm:text-56">{t("title")}</h1>
          <p className="text-18 text-text-2">{t("lead", { credits })}</p>
        </header>
        <div className="grid gap-4 lg:grid-cols-3">
          <Card className="grid content-start gap-4 p-6">
            <h2 className="text-14 font-semibold">{t("welcome")}</h2>
            <p className="num flex items-baseline gap-2">
              <CreditGlyph className="size-7 self-center" />
              <span className="text-40 font-semibold tracking-tight">{format.integer(WELCOME_CREDITS)}</span>
              <span className="text-16 text-text-2">{format.creditUnit(WELCOME_CREDITS)}</span>
            </p>
            <p className="text-14 text-text-2">{t("welcomeText")}</p>
            {!session && (
              <Button asChild className="mt-auto justify-self-start">
                <Link href="/sign-up">{t("start")}</Link>
              </Button>
            )}
          </Card>
          <Card className="grid content-start gap-5 p-6 lg:col-span-2 lg:grid-cols-2 lg:gap-8">
            <Rule title={t("failTitle")} text={t("failText")} />
            <Rule title={t("limitTitle")} text={t("limitText")} />
            {!selling && (
              <p className="border-t border-line pt-5 text-14 text-text-2 lg:col-span-2">{t("noSale")}</p>
            )}
          </Card>
        </div>
        {selling && (
          <Offer signedIn={session !== null} makes={yields(ready, await getLocale())} cameFrom={cameFrom} />
        )}
        <section aria-labelledby="per-tool" className="grid gap-4">
          <h2 id="per-tool" className="font-display text-24 font-semibold">
            {t("toolsTitle")}
          </h2>
          <PriceTable tools={offered} />
        </section>
      </div>
      <Faq selling={selling} />
    </>
  );
}

function Rule({ title, text }: { title: string; text: string }) {
  return (
    <div className="grid content-start gap-1">
      <h2 className="text-14 font-semibold">{title}</h2>
      <p className="text-14 text-text-2">{text}</p>
    </div>
  );
}

async function PriceTable({ tools }: { tools: readonly Tool[] }) {
  const t = await getTranslations("pricing");
  const locale = await getLocale();
  const missing = await findMissing(tools);
  return (
    <Card>
      <table className="w-full text-14">
        <thead className="text-left text-12 text-text-3 max-sm:sr-only">
          <tr className="*:h-10 *:border-b *:border-line *:px-4 *:font-medium *:first:pl-5 *:last:pr-5">
            <th scope="col">{t("tool")}</th>
            <th scope="col">{t("price")}</th>
            <th scope="col" className="text-right">
              {t("makes")}
            </th>
          </tr>
        </thead>
        <tbody>
          {tools.map((tool) => (
            <tr
              key={tool.slug}
              className="relative border-b border-line last:border-0 hover:bg-hover max-sm:grid max-sm:gap-1 max-sm:px-5 max-sm:py-3.5 sm:h-14 sm:*:px-4 sm:*:first:pl-5 sm:*:last:pr-5"
            >
              <td>
                <span className="inline-flex items-center gap-3">
                  <ToolIcon name={tool.icon} className="text-text-2" />
                  <Link
                    href={`/tools/${tool.slug}`}
                    className="font-medium after:absolute after:inset-0 after:content-['']"
                  >
                    {tool.texts[locale].name}
                  </Link>
                </span>
                {missing.has(tool.slug) && (
                  <span className="block pl-8 text-13 text-text-3">{t("notConfigured")}</span>
                )}
              </td>
              <td className="num text-text-2 max-sm:pl-8">
                <PriceText price={unitPrice(tool)} />
              </td>
              <td className="num text-text max-sm:pl-8 sm:text-right">
                <span aria-hidden="true" className="text-text-3 sm:hidden">
                  {t("makes")}{" "}
                </span>
                <Makes tool={tool} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** What a credit is good for, in each tool that has a price for one thing. */
function yields(tools: readonly Tool[], locale: Locale): ToolYield[] {
  return tools.flatMap((tool) => {
    const price = unitPrice(tool);
    if (price?.kind !== "exact" || price.credits <= 0) return [];
    const { name } = tool.texts[locale];
    return [{ slug: tool.slug, name, unit: countedUnit(price), credits: price.credits }];
  });
}

function countedUnit({ unit }: UnitPrice): ToolYield["unit"] {
  return countable.find((known) => known === unit) ?? "run";
}

const countable = ["files", "images", "pages", "documents", "megapixels"] as const;

/** What a hundred credits buy of a tool: so many pages, images, runs. */
async function Makes({ tool }: { tool: Tool }) {
  const t = await getTranslations("pricing");
  const price = unitPrice(tool);
  const priced = price ? [price, ...price.others].filter(({ credits }) => credits > 0) : [];
  if (priced.length === 0) return "—";
  const counts = priced.map(({ kind, credits, unit: counted, least }) => {
    const unit = counted === "minimum" || counted === "maximum" ? "run" : (counted ?? "run");
    const makes = (each: number) => t(`count.${unit}`, { count: Math.floor(100 / each) });
    if (kind === "exact") return makes(credits);
    const few = Math.floor(100 / credits);
    return few > 0
      ? t("between", { few, many: makes(least ?? 1) })
      : t("atMost", { many: makes(least ?? 1) });
  });
  return new Intl.ListFormat(await getLocale(), { type: "disjunction" }).format(counts);
}
