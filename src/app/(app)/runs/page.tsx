import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { listTools } from "#tools";
import { PageHeader } from "#ui/primitives/card";
import { requirePageSession } from "#ui/shell/session";
import { RunHistory } from "./run-history";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("runs");
  return { title: t("title") };
}

/** Every run of the customer, filtered by the URL. */
export default async function RunsPage() {
  await requirePageSession();
  const t = await getTranslations("runs");
  const locale = await getLocale();
  const tools = (await listTools()).map(({ slug, icon, texts }) => ({
    slug,
    icon,
    name: texts[locale].name,
  }));
  return (
    <>
      <PageHeader title={t("title")} description={t("intro")} />
      <RunHistory tools={tools} />
    </>
  );
}
