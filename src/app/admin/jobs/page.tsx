import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { JobsView } from "./jobs-view";
import { Schedules } from "./schedules";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeOperations.jobs");
  return { title: t("title") };
}

/** What the worker has to do, what it gave up, and what happens by the clock. */
export default async function JobsPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeOperations.jobs");
  if (!mayRole(user.role, "operations.read")) return <NotAllowed right="operations.read" role={user.role} />;
  return (
    <>
      <PageHeader title={t("title")} description={t("text")} />
      <div className="grid gap-6">
        <JobsView mayChange={mayRole(user.role, "operations.change")} />
        <Schedules />
      </div>
    </>
  );
}
