import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getLocale, getMessages, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { onSaleOf, seed } from "#billing/catalogue";
import { readCatalogueNow } from "#billing/edition";
import { languageTags } from "#i18n/locale";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { AskConsent } from "#ui/analytics/ask";
import { fontVariables } from "#ui/fonts";
import { Providers } from "#ui/providers";
import { pageSession } from "#ui/shell/session";
import { ViewingFrame } from "#ui/shell/viewing-frame";
import { isTheme, themeCookie } from "#ui/theme";
import "../ui/globals.css";

export const dynamic = "force-dynamic";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell");
  const { SITE_NAME, baseUrl } = config();
  return {
    metadataBase: new URL(baseUrl),
    title: { default: `${SITE_NAME} · ${t("tagline")}`, template: `%s · ${SITE_NAME}` },
    description: t("description"),
    applicationName: SITE_NAME,
    formatDetection: { telephone: false, email: false, address: false },
  };
}

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f9fbfa" },
    { media: "(prefers-color-scheme: dark)", color: "#0b0f0d" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = await getLocale();
  const t = await getTranslations("common");
  const chosen = (await cookies()).get(themeCookie)?.value;
  // Without an answer the page itself says what is wrong.
  const session = await pageSession().catch(() => null);
  const viewing = session?.viewing ?? null;
  const catalogue = onSaleOf(await readCatalogueNow(db()).catch(() => seed));
  const theme = isTheme(chosen) ? chosen : "system";
  return (
    <html
      lang={languageTags[locale]}
      data-theme={theme}
      className={theme === "system" ? fontVariables : `${fontVariables} ${theme}`}
      suppressHydrationWarning
    >
      <body className={viewing ? "pb-14" : undefined}>
        <a
          href="#content"
          className="fixed top-2 left-2 z-60 -translate-y-20 rounded-control bg-primary px-4 py-2.5 text-14 font-medium text-on-primary focus:translate-y-0"
        >
          {t("skip")}
        </a>
        <NextIntlClientProvider messages={browserMessages(await getMessages())}>
          <Providers signedIn={session !== null} catalogue={catalogue}>
            {children}
            <AskConsent />
            {viewing && session && (
              <ViewingFrame
                customer={{ id: session.user.id, name: session.user.name || session.user.email }}
                endsAt={viewing.endsAt.toISOString()}
              />
            )}
          </Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}

/** Long texts that only server components show stay out of every page's payload. */
function browserMessages<M extends { legal: unknown; mails: unknown; docs: unknown }>(messages: M) {
  const { legal: _legal, mails: _mails, docs: _docs, ...rest } = messages;
  return rest;
}
