import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { config } from "#platform/config";
import { PreferencesMenu } from "#ui/preferences";
import { Brand } from "./brand";
import { Notices } from "./notices";

/** The frame of sign-in and its kin: one card in the middle, nothing to wander off to. */
export async function CardShell({ children }: { children: ReactNode }) {
  const { SITE_NAME, OPERATOR_NAME } = config();
  const t = await getTranslations("shell");
  return (
    <div className="flex min-h-dvh flex-col">
      <Notices />
      <header className="flex h-14 items-center justify-between px-4 md:px-6">
        <Brand name={SITE_NAME} />
        <PreferencesMenu />
      </header>
      <main id="content" className="flex flex-1 items-start justify-center px-4 pt-[min(9vh,96px)] pb-16">
        <div className="w-full max-w-[400px] rounded-dialog border border-line bg-surface p-6 sm:p-8">
          {children}
        </div>
      </main>
      <footer className="flex flex-wrap justify-center gap-x-5 gap-y-1 px-4 pb-6 text-13 text-text-3 [&_a]:hover:text-text">
        <span>{t("operatedBy", { name: OPERATOR_NAME })}</span>
        <a href="/terms">{t("nav.terms")}</a>
        <a href="/privacy">{t("nav.privacy")}</a>
      </footer>
    </div>
  );
}
