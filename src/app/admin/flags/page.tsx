import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { FlagsView } from "./flags-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeFlags");
  return { title: t("title") };
}

/** Whom features are on for. */
export default async function FlagsPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeFlags");
  if (!mayRole(user.role, "flags.change")) return <NotAllowed right="flags.change" role={user.role} />;
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <FlagsView />
    </>
  );
}
