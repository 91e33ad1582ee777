import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { PlansView } from "./plans-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officePlans");
  return { title: t("title") };
}

/** What is sold: a draft that staff share, what it changes for whom, and putting it on sale. */
export default async function PlansPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officePlans");
  if (!mayRole(user.role, "plans.read")) return <NotAllowed right="plans.read" role={user.role} />;
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <PlansView mayChange={mayRole(user.role, "plans.change")} />
    </>
  );
}
