import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { Editor } from "#ui/office/announcement-editor";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";

const right = "announcements.send";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeAnnouncements");
  return { title: t("newTitle") };
}

export default async function NewAnnouncementPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeAnnouncements");
  if (!mayRole(user.role, right)) return <NotAllowed right={right} role={user.role} />;
  return (
    <>
      <PageHeader title={t("newTitle")} />
      <Editor draft={null} />
    </>
  );
}
