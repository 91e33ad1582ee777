import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { listTools } from "#tools";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { RunsView } from "./runs-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeOperations.runs");
  return { title: t("title") };
}

/** Every customer's runs: what fails, whose, and how long it takes. */
export default async function RunsPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeOperations.runs");
  if (!mayRole(user.role, "customers.read")) return <NotAllowed right="customers.read" role={user.role} />;
  const locale = await getLocale();
  const tools = (await listTools()).map(({ slug, texts }) => ({ slug, name: texts[locale].name }));
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <RunsView tools={tools} />
    </>
  );
}
