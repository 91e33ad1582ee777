import { MailX, Unlink } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { readUnsubscribeToken } from "#credits";
import { AuthHeading } from "#ui/identity/headings";
import { Button } from "#ui/primitives/button";
import { StopMails } from "./stop-mails";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.unsubscribe");
  return { title: t("title"), referrer: "no-referrer" };
}

type PageProps = { searchParams: Promise<{ token?: string | string[] }> };

/** Where a notice's link leads: it asks, since programs that check mails follow every link in them. */
export default async function UnsubscribePage({ searchParams }: PageProps) {
  const { token } = await searchParams;
  const t = await getTranslations("auth.unsubscribe");
  const kind = typeof token === "string" ? kindOf(token) : null;
  if (typeof token === "string" && kind) {
    return (
      <>
        <AuthHeading icon={<MailX strokeWidth={1.75} />} title={t(kind)} text={t("text")} />
        <StopMails token={token} />
      </>
    );
  }
  return (
    <>
      <AuthHeading icon={<Unlink strokeWidth={1.75} />} title={t("invalid")} text={t("invalidText")} />
      <Button asChild size="lg" className="w-full">
        <Link href="/account">{t("account")}</Link>
      </Button>
    </>
  );
}

function kindOf(token: string) {
  try {
    return readUnsubscribeToken(token).kind;
  } catch {
    return null;
  }
}
