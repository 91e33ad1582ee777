import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { AuditView } from "./audit-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("office.audit");
  return { title: t("title") };
}

/** Who did what to whose things. */
export default async function AuditPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("office.audit");
  if (!mayRole(user.role, "audit.read")) return <NotAllowed right="audit.read" role={user.role} />;
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <AuditView />
    </>
  );
}
