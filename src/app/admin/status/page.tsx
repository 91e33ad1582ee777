import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { IncidentList } from "./incident-list";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeStatus");
  return { title: t("title") };
}

/** What the public status page says of incidents. */
export default async function StatusOfficePage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeStatus");
  if (!mayRole(user.role, "status.change")) return <NotAllowed right="status.change" role={user.role} />;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={
          <>
            {t("text")}{" "}
            <Link href="/status" className="underline underline-offset-2">
              {t("page")}
            </Link>
          </>
        }
      />
      <IncidentList />
    </>
  );
}
