import { PenLine } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { Button } from "#ui/primitives/button";
import { PageHeader } from "#ui/primitives/card";
import { AnnouncementsView } from "./announcements-view";

const right = "announcements.send";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeAnnouncements");
  return { title: t("title") };
}

/** What customers were told, are being told, and will be. */
export default async function AnnouncementsPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeAnnouncements");
  if (!mayRole(user.role, right)) return <NotAllowed right={right} role={user.role} />;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("text")}
        actions={
          <Button asChild>
            <Link href="/admin/announcements/new">
              <PenLine aria-hidden="true" strokeWidth={1.75} />
              {t("new")}
            </Link>
          </Button>
        }
      />
      <AnnouncementsView />
    </>
  );
}
