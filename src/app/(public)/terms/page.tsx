import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LegalPage, legalFacts } from "#ui/public/legal-page";
import { pageMetadata } from "#ui/shell/metadata";

const sections = ["service", "account", "credits", "use", "content", "liability", "end"] as const;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("legal.terms");
  return pageMetadata({ path: "/terms", title: t("title"), description: t("description", legalFacts()) });
}

export default async function TermsPage() {
  const t = await getTranslations("legal.terms");
  const facts = legalFacts();
  return (
    <LegalPage
      title={t("title")}
      lead={t("lead", facts)}
      sections={sections.map((id) => ({
        id,
        title: t(`sections.${id}.title`),
        text: t(`sections.${id}.text`, facts),
      }))}
    />
  );
}
