import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Suspense } from "react";
import { config } from "#platform/config";
import { PreferencesMenu } from "#ui/preferences";
import { Brand } from "#ui/shell/brand";
import { Notices } from "#ui/shell/notices";
import { Mailbox } from "./mailbox";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("dev.mailbox");
  return { title: t("title") };
}

export default async function MailboxPage() {
  const t = await getTranslations("dev.mailbox");
  return (
    <div className="flex h-dvh min-h-120 flex-col">
      <Notices />
      <header className="flex h-14 shrink-0 items-center gap-4 border-b border-line px-4 md:px-6">
        <Brand name={config().SITE_NAME} />
        <h1 className="text-14 font-semibold text-text">{t("title")}</h1>
        <p className="hidden truncate text-13 text-text-3 md:block">{t("text")}</p>
        <span className="ml-auto">
          <PreferencesMenu />
        </span>
      </header>
      <main id="content" className="flex min-h-0 flex-1">
        <Suspense>
          <Mailbox />
        </Suspense>
      </main>
    </div>
  );
}
