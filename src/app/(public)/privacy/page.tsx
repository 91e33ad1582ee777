import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { sells } from "#billing";
import { LegalPage, legalFacts } from "#ui/public/legal-page";
import { pageMetadata } from "#ui/shell/metadata";

const sections = ["what", "why", "long", "cookies", "who", "rights"] as const;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("legal.privacy");
  return pageMetadata({ path: "/privacy", title: t("title"), description: t("description", legalFacts()) });
}

export default async function PrivacyPage() {
  const t = await getTranslations("legal.privacy");
  const facts = legalFacts();
  return (
    <LegalPage
      title={t("title")}
      lead={t("lead", facts)}
      sections={sections.map((id) => ({
        id,
        title: t(`sections.${id}.title`),
        text: t(`sections.${id === "who" && !sells() ? "whoUnsold" : id}.text`, facts),
      }))}
    />
  );
}
