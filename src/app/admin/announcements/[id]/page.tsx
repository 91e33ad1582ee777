import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { SavedDraft } from "./saved-draft";

const right = "announcements.send";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeAnnouncements");
  return { title: t("editTitle") };
}

type PageProps = { params: Promise<{ id: string }> };

export default async function AnnouncementPage({ params }: PageProps) {
  const { id } = await params;
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeAnnouncements");
  if (!mayRole(user.role, right)) return <NotAllowed right={right} role={user.role} />;
  return (
    <>
      <PageHeader title={t("editTitle")} />
      <SavedDraft id={id} />
    </>
  );
}
