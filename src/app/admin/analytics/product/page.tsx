import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { AnalyticsFrame } from "#ui/analytics/frame";
import { MetricCards } from "#ui/analytics/metric-cards";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { toolNames } from "#ui/office/tool-names";
import { PageHeader } from "#ui/primitives/card";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeAnalytics");
  return { title: `${t("tab.product")} · ${t("title")}` };
}

/** What people use, what works, and how far they come. */
export default async function ProductPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeAnalytics");
  if (!mayRole(user.role, "analytics.read")) return <NotAllowed right="analytics.read" role={user.role} />;
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <AnalyticsFrame
        tab="product"
        tools={await toolNames()}
        filters={["tool", "plan"]}
        seesCustomers={mayRole(user.role, "customers.read")}
      >
        <MetricCards tab="product" />
      </AnalyticsFrame>
    </>
  );
}
