import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { CodesView } from "./codes-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeCodes");
  return { title: t("title") };
}

/** Codes that give credits, and codes that take money off. */
export default async function CodesPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeCodes");
  if (!mayRole(user.role, "codes.change")) return <NotAllowed right="codes.change" role={user.role} />;
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <CodesView
        mayPromote={mayRole(user.role, "promotions.change")}
        mayEndless={mayRole(user.role, "promotions.endless")}
      />
    </>
  );
}
