import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { sells } from "#billing";
import { LegalPage, legalFacts } from "#ui/public/legal-page";
import { pageMetadata } from "#ui/shell/metadata";

const sections = ["credits", "quality", "money"] as const;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("legal.refunds");
  return pageMetadata({ path: "/refunds", title: t("title"), description: t("description", legalFacts()) });
}

export default async function RefundsPage() {
  const t = await getTranslations("legal.refunds");
  const facts = legalFacts();
  return (
    <LegalPage
      title={t("title")}
      lead={t("lead", facts)}
      sections={sections.map((id) => ({
        id,
        title: t(`sections.${id}.title`),
        text: t(`sections.${id === "money" && !sells() ? "moneyUnsold" : id}.text`, facts),
      }))}
    />
  );
}
