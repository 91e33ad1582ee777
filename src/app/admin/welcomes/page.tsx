import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { config } from "#platform/config";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { RulesCard } from "./rules-card";
import { WelcomesView } from "./welcomes-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeWelcomes");
  return { title: t("title") };
}

/** Whose welcome credits wait for a look, and what makes them wait. */
export default async function WelcomesPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeWelcomes");
  if (!mayRole(user.role, "welcomes.read")) return <NotAllowed right="welcomes.read" role={user.role} />;
  const mayDecide = mayRole(user.role, "welcomes.decide");
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <WelcomesView mayDecide={mayDecide} />
        <RulesCard mayDecide={mayDecide} development={!config().production} />
      </div>
    </>
  );
}
