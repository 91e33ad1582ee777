import Link from "next/link";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { config } from "#platform/config";
import { CommandButton } from "#ui/command/palette";
import { LanguageLinks, PreferencesMenu } from "#ui/preferences";
import { Button } from "#ui/primitives/button";
import { Brand } from "./brand";
import { Notices } from "./notices";
import { PublicMenu } from "./public-menu";
import { pageSession } from "./session";

const links = [
  { href: "/tools", name: "tools" },
  { href: "/pricing", name: "pricing" },
  { href: "/docs", name: "docs" },
] as const;

/** Header and footer of the pages that anybody may read. */
export async function PublicShell({ children }: { children: ReactNode }) {
  const t = await getTranslations("shell");
  const session = await pageSession();
  const { SITE_NAME } = config();
  return (
    <div className="flex min-h-dvh flex-col">
      <Notices />
      <header className="sticky top-0 z-30 border-b border-line bg-canvas/90 backdrop-blur-md">
        <div className="page flex h-14 items-center gap-2">
          <Brand name={SITE_NAME} />
          <nav aria-label={t("nav.label")} className="ml-6 hidden gap-1 md:flex">
            {links.map(({ href, name }) => (
              <Link
                key={href}
                href={href}
                className="inline-flex h-9 items-center rounded-control px-3 text-14 text-text-2 transition-colors duration-120 hover:bg-hover hover:text-text"
              >
                {t(`nav.${name}`)}
              </Link>
            ))}
          </nav>
          <div className="ml-auto flex items-center gap-1.5 sm:gap-2">
            <CommandButton className="max-lg:hidden" />
            <span className="max-sm:hidden">
              <PreferencesMenu />
            </span>
            {session ? (
              <Button asChild size="sm">
                <Link href="/dashboard">{t("openApp")}</Link>
              </Button>
            ) : (
              <>
                <Button asChild size="sm" variant="quiet" className="max-sm:hidden">
                  <Link href="/sign-in">{t("signIn")}</Link>
                </Button>
                <Button asChild size="sm">
                  <Link href="/sign-up">{t("signUp")}</Link>
                </Button>
              </>
            )}
            <PublicMenu />
          </div>
        </div>
      </header>
      <main id="content" className="flex-1">
        {children}
      </main>
      <Footer />
    </div>
  );
}

const columns = [
  {
    title: "product",
    items: [
      ["/tools", "tools"],
      ["/pricing", "pricing"],
    ],
  },
  {
    title: "developers",
    items: [
      ["/docs", "quickStart"],
      ["/api/docs", "api"],
      ["/status", "status"],
    ],
  },
  {
    title: "legal",
    items: [
      ["/terms", "terms"],
      ["/privacy", "privacy"],
      ["/refunds", "refunds"],
    ],
  },
] as const;

async function Footer() {
  const t = await getTranslations("shell");
  const { SITE_NAME, OPERATOR_NAME } = config();
  return (
    <footer className="mt-24 border-t border-line bg-surface max-md:mt-16">
      <div className="page grid gap-10 py-12 md:grid-cols-[1.6fr_1fr_1fr_1fr]">
        <div className="grid content-start gap-3">
          <Brand name={SITE_NAME} />
          <p className="max-w-72 text-13 text-text-3">{t("footerLine")}</p>
        </div>
        <nav aria-label={t("nav.footer")} className="contents max-md:grid max-md:grid-cols-2 max-md:gap-8">
          {columns.map(({ title, items }) => (
            <div key={title} className="grid content-start gap-1">
              <h2 className="pb-1.5 text-13 font-semibold text-text">{t(`nav.${title}`)}</h2>
              {items.map(([href, name]) => (
                <FooterLink key={href} href={href}>
                  {t(`nav.${name}`)}
                </FooterLink>
              ))}
            </div>
          ))}
        </nav>
      </div>
      <div className="border-t border-line">
        <div className="page flex min-h-14 flex-wrap items-center justify-between gap-x-6 gap-y-1 py-2 text-13 text-text-3">
          <p>{t("operatedBy", { name: OPERATOR_NAME })}</p>
          <LanguageLinks />
        </div>
      </div>
    </footer>
  );
}

function FooterLink({ href, children }: { href: string; children: ReactNode }) {
  const style =
    "inline-flex min-h-8 w-fit items-center text-13 text-text-2 hover:text-text hover:underline underline-offset-3 pointer-coarse:min-h-11";
  // What the API serves is no page of Next's: a plain link, a full load.
  if (href.startsWith("/api/")) {
    return (
      <a href={href} className={style}>
        {children}
      </a>
    );
  }
  return (
    <Link href={href} className={style}>
      {children}
    </Link>
  );
}
