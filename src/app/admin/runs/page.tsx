import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { toolNames } from "#ui/office/tool-names";
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
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <RunsView tools={await toolNames()} />
    </>
  );
}
