import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { confirmedDays } from "#identity";
import { config } from "#platform/config";
import { mailIsSent } from "#platform/mail";
import { requirePageSession } from "#ui/shell/session";
import { StaffCodeForm } from "./staff-code-form";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.staffCode");
  return { title: t("title"), robots: { index: false } };
}

type PageProps = { searchParams: Promise<{ next?: string | string[] }> };

/** Where staff enter the code that opens the back office to this browser; others have no business here. */
export default async function StaffCodePage({ searchParams }: PageProps) {
  const { next } = await searchParams;
  const { user, awaitsCode } = await requirePageSession();
  if (!awaitsCode) redirect("/admin");
  return (
    <StaffCodeForm
      email={user.email}
      next={typeof next === "string" ? next : "/admin"}
      days={confirmedDays}
      mailbox={!config().production && !mailIsSent()}
    />
  );
}
