import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { config } from "#platform/config";
import { LanguageLinks } from "#ui/preferences";
import { Brand } from "#ui/shell/brand";

/** The frame of the status page: nothing in it asks the database, so that it stands when the rest does not. */
export default async function StatusLayout({ children }: { children: ReactNode }) {
  const { SITE_NAME, OPERATOR_NAME } = config();
  const t = await getTranslations("shell");
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="border-b border-line">
        <div className="mx-auto flex h-14 w-full max-w-3xl items-center px-4">
          <Brand name={SITE_NAME} />
        </div>
      </header>
      <main id="content" className="flex-1">
        {children}
      </main>
      <footer className="border-t border-line text-13 text-text-3">
        <div className="mx-auto flex min-h-14 w-full max-w-3xl flex-wrap items-center justify-between gap-x-6 px-4 py-2">
          <p>{t("operatedBy", { name: OPERATOR_NAME })}</p>
          <LanguageLinks />
        </div>
      </footer>
    </div>
  );
}
