import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { findMissing, listTools, medianSeconds, unitPrice } from "#tools";
import { PageHeader } from "#ui/primitives/card";
import { Gallery, type ToolCard } from "./gallery";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("tools");
  return { title: t("title"), description: t("metaDescription") };
}

/** Every tool of the site, to search, sort and choose from. */
export default async function ToolsPage() {
  const t = await getTranslations("tools");
  return (
    <>
      <PageHeader title={t("title")} description={t("intro")} />
      <Gallery tools={await toolCards()} />
    </>
  );
}

async function toolCards(): Promise<ToolCard[]> {
  const locale = await getLocale();
  const tools = await listTools();
  const medians = await medianSeconds(tools.map(({ slug }) => slug));
  const missing = await findMissing(tools);
  return tools.map((tool) => {
    const { name, summary, takes, gives } = tool.texts[locale];
    return {
      slug: tool.slug,
      category: tool.category,
      icon: tool.icon,
      ...{ name, summary, takes, gives },
      price: unitPrice(tool),
      medianSeconds: medians.get(tool.slug) ?? null,
      missing: missing.get(tool.slug) ?? null,
      off: !tool.enabled,
      tryable: tool.tryable !== undefined,
    };
  });
}
