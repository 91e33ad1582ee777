import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { HealthView } from "./health-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeOperations.health");
  return { title: t("title") };
}

export default async function HealthPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeOperations.health");
  if (!mayRole(user.role, "operations.read")) return <NotAllowed right="operations.read" role={user.role} />;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t.rich("text", { code: (text) => <code className="text-13">{text}</code> })}
      />
      <HealthView />
    </>
  );
}
