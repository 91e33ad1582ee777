import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { toolNames } from "#ui/office/tool-names";
import { PageHeader } from "#ui/primitives/card";
import { RefusedRuns } from "./refused-runs";
import { SafetyView } from "./safety-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeSafety");
  return { title: t("title") };
}

/** What may not go into tools nor come out of them, and which runs were refused for it. */
export default async function SafetyPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeSafety");
  if (!mayRole(user.role, "safety.read")) return <NotAllowed right="safety.read" role={user.role} />;
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <div className="grid gap-6">
        <SafetyView mayChange={mayRole(user.role, "safety.change")} />
        <RefusedRuns tools={await toolNames()} />
      </div>
    </>
  );
}
