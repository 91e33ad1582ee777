import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import type { Session } from "#identity";
import { config } from "#platform/config";
import { CommandButton } from "#ui/command/palette";
import { Badge } from "#ui/primitives/badge";
import { Brand } from "#ui/shell/brand";
import { Notices } from "#ui/shell/notices";
import { UserMenu } from "#ui/shell/user-menu";
import { OfflineBanner } from "#ui/state/offline";
import { OfficeMenu, OfficeNav } from "./nav";
import { openOfficePages } from "./session";

/** The frame of the back office: dense, as wide as the window, and only the pages that the role opens. */
export async function OfficeShell({ session, children }: { session: Session; children: ReactNode }) {
  const t = await getTranslations("office");
  const { SITE_NAME } = config();
  const { name, email, role } = session.user;
  const open = await openOfficePages();
  return (
    <div className="flex min-h-dvh flex-col">
      <Notices />
      <OfflineBanner />
      <div className="grid w-full flex-1 lg:grid-cols-[216px_minmax(0,1fr)]">
        <aside className="sticky top-0 hidden h-dvh flex-col gap-5 self-start overflow-y-auto border-r border-line bg-sunken px-3 py-3.5 lg:flex">
          <div className="grid gap-1 px-2.5 py-1">
            <Brand name={SITE_NAME} href="/admin" />
            <span className="text-12 text-text-3">{t("title")}</span>
          </div>
          <OfficeNav open={open} />
          <Link
            href="/dashboard"
            className="mt-auto flex h-8 items-center gap-2.5 rounded-control px-2.5 text-13 text-text-3 transition-colors duration-120 hover:bg-hover hover:text-text"
          >
            <ArrowLeft aria-hidden="true" className="size-4" strokeWidth={1.75} />
            {t("nav.site")}
          </Link>
        </aside>
        <div className="flex min-w-0 flex-col">
          <header className="sticky top-0 z-20 flex h-12 items-center gap-2 border-b border-line bg-canvas/90 px-4 backdrop-blur-md md:px-6">
            <OfficeMenu open={open} />
            <Brand name={SITE_NAME} href="/admin" className="min-w-0 truncate lg:hidden" />
            <CommandButton className="max-lg:ml-auto lg:w-64 lg:[&_kbd]:ml-auto" />
            <span className="flex items-center gap-2 lg:ml-auto">
              <Badge className="max-sm:hidden">{t(`role.${role}`)}</Badge>
              <UserMenu name={name} email={email} staff />
            </span>
          </header>
          <main id="content" className="w-full flex-1 px-4 py-6 pb-16 md:px-6">
            {children}
          </main>
        </div>
      </div>
    </div>
  );
}
