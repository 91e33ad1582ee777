import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { toolNames } from "#ui/office/tool-names";
import { PageHeader } from "#ui/primitives/card";
import { ReportsView } from "./reports-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeReports");
  return { title: t("title") };
}

/** Results that customers reported, and what became of them. */
export default async function ReportsPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeReports");
  if (!mayRole(user.role, "reports.read")) return <NotAllowed right="reports.read" role={user.role} />;
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <ReportsView
        tools={await toolNames()}
        mayDecide={mayRole(user.role, "reports.decide")}
        maySeeCustomers={mayRole(user.role, "customers.read")}
      />
    </>
  );
}
