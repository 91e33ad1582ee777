import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { listTools } from "#tools";
import { PageHeader } from "#ui/primitives/card";
import { requirePageSession } from "#ui/shell/session";
import { CreditsView } from "./credits-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("credits");
  return { title: t("title") };
}

/** Every credit of the customer: the entries, filtered by the URL, and the lots. */
export default async function CreditsPage() {
  const { user } = await requirePageSession();
  const t = await getTranslations("credits");
  const locale = await getLocale();
  const tools = (await listTools()).map(({ slug, texts }) => ({ slug, name: texts[locale].name }));
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <CreditsView tools={tools} verified={user.emailVerified} />
    </>
  );
}
