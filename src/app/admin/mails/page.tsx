import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { mayRole } from "#identity";
import { mailIsSent } from "#platform/mail";
import { NotAllowed } from "#ui/office/not-allowed";
import { requireStaffSession } from "#ui/office/session";
import { PageHeader } from "#ui/primitives/card";
import { MailsView } from "./mails-view";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("officeOperations.mails");
  return { title: t("title") };
}

/** Which mails were sent, to whom, and what became of them. */
export default async function MailsPage() {
  const { user } = await requireStaffSession();
  const t = await getTranslations("officeOperations.mails");
  if (!mayRole(user.role, "mails.read")) return <NotAllowed right="mails.read" role={user.role} />;
  return (
    <>
      <PageHeader title={t("title")} description={t(mailIsSent() ? "text" : "textUnsent")} />
      <MailsView mayResend={mayRole(user.role, "mails.resend")} />
    </>
  );
}
