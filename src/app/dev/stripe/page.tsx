import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { config } from "#platform/config";
import { PreferencesMenu } from "#ui/preferences";
import { Brand } from "#ui/shell/brand";
import { Notices } from "#ui/shell/notices";
import { Console } from "./console";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("dev.stripe");
  return { title: t("title") };
}

export default async function StripePage() {
  const t = await getTranslations("dev.stripe");
  return (
    <>
      <Notices />
      <header className="flex h-14 items-center gap-4 border-b border-line px-4 md:px-6">
        <Brand name={config().SITE_NAME} />
        <h1 className="text-14 font-semibold text-text">{t("title")}</h1>
        <p className="hidden truncate text-13 text-text-3 md:block">{t("text")}</p>
        <span className="ml-auto">
          <PreferencesMenu />
        </span>
      </header>
      <main id="content" className="mx-auto grid max-w-[1200px] gap-6 px-4 py-6 md:px-6">
        <Console />
      </main>
    </>
  );
}
