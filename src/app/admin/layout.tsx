import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { config } from "#platform/config";
import { OfficeShell } from "#ui/office/office-shell";
import { requireStaffSession } from "#ui/office/session";
import { Commands } from "#ui/shell/commands";
import { SessionGate } from "#ui/state/session-gate";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("office");
  const { SITE_NAME } = config();
  const office = `${t("title")} · ${SITE_NAME}`;
  return { title: { absolute: office, template: `%s · ${office}` }, robots: { index: false } };
}

/** The back office: for staff. Others find nothing here. */
export default async function OfficeLayout({ children }: { children: ReactNode }) {
  const session = await requireStaffSession();
  return (
    <OfficeShell session={session}>
      {children}
      <Commands />
      <SessionGate user={{ id: session.user.id, email: session.user.email }} />
    </OfficeShell>
  );
}
