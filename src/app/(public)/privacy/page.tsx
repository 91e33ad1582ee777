import type { Metadata } from "next";
import { headers } from "next/headers";
import { getTranslations } from "next-intl/server";
import { sells } from "#billing";
import { asksConsent, choiceOf, connectedServices } from "#insight";
import { ConsentChoice } from "#ui/analytics/consent";
import { LegalPage, legalFacts } from "#ui/public/legal-page";
import { pageMetadata } from "#ui/shell/metadata";

const sections = ["what", "why", "long", "analytics", "cookies", "who", "rights"] as const;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("legal.privacy");
  return pageMetadata({ path: "/privacy", title: t("title"), description: t("description", legalFacts()) });
}

/** What is stored and counted on this very site: its texts follow from what the operator has connected. */
export default async function PrivacyPage() {
  const t = await getTranslations("legal.privacy");
  const services = connectedServices();
  const facts = { ...legalFacts(), services };
  const told = asksConsent();
  const textOf = (id: (typeof sections)[number]) => {
    if (id === "who" && !sells()) return "whoUnsold";
    return id === "analytics" && told ? "analyticsTold" : id;
  };
  const { choice } = choiceOf(await headers());
  return (
    <LegalPage
      title={t("title")}
      lead={t("lead", facts)}
      sections={sections.map((id) => ({
        id,
        title: t(`sections.${id}.title`),
        text: t(`sections.${textOf(id)}.text`, facts),
        more: id === "analytics" && told ? <ConsentChoice choice={choice} services={services} /> : null,
      }))}
    />
  );
}
