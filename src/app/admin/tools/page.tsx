import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { findMissing, listDrafted, listTools, toolFigures, unitPrice } from "#tools";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { type ToolRow, ToolsView } from "./tools-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeTools");
  return { title: t("title") };
}

/** Every tool as customers have it: on or off, its price, how it fares, where it stands. */
export default async function ToolsOfficePage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeTools");
  if (!mayRole(user.role, "tools.read")) return <NotAllowed right="tools.read" role={user.role} />;
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <ToolsView tools={await toolRows()} mayChange={mayRole(user.role, "tools.change")} />
    </>
  );
}

async function toolRows(): Promise<ToolRow[]> {
  const locale = await getLocale();
  const [tools, figures, drafted] = await Promise.all([listTools(), toolFigures(7), listDrafted()]);
  const missing = await findMissing(tools);
  return tools.map((tool) => ({
    ...{ slug: tool.slug, icon: tool.icon, name: tool.texts[locale].name },
    ...{ enabled: tool.enabled, minimumPlan: tool.minimumPlan, price: unitPrice(tool) },
    configured: !missing.has(tool.slug),
    drafted: drafted.has(tool.slug),
    ...(figures.get(tool.slug) ?? { runs: 0, succeeded: 0 }),
  }));
}
