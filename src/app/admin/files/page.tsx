import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { FilesView } from "./files-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeOperations.files");
  return { title: t("title") };
}

export default async function FilesPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeOperations.files");
  if (!mayRole(user.role, "operations.read")) return <NotAllowed right="operations.read" role={user.role} />;
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <FilesView />
    </>
  );
}
