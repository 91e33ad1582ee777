import { BookOpen, Braces, Tag } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { listTold } from "#announcements";
import { isStaff, type Session } from "#identity";
import { readBalance } from "#ledger";
import { config } from "#platform/config";
import { db } from "#platform/db";
import { NewsBanner, NewsBell } from "#ui/announcements/news";
import { CommandButton } from "#ui/command/palette";
import { LiveConnection } from "#ui/live";
import { plain } from "#ui/plain";
import { OfflineBanner } from "#ui/state/offline";
import { Brand } from "./brand";
import { HeaderBalance } from "./header-balance";
import { BottomNav, SideNav } from "./nav";
import { Notices } from "./notices";
import { UserMenu } from "./user-menu";

/** The frame of a customer's pages: side bar, header with the live balance, bottom bar on phones. */
export async function AppShell({ session, children }: { session: Session; children: ReactNode }) {
  const { SITE_NAME } = config();
  const [balance, told] = await Promise.all([
    readBalance(db(), session.accountId),
    listTold(session.user.id),
  ]);
  const news = plain(told);
  return (
    <div className="flex min-h-dvh flex-col">
      <LiveConnection />
      <Notices />
      <NewsBanner initial={news} />
      <OfflineBanner />
      <div className="mx-auto grid w-full max-w-[1520px] flex-1 lg:grid-cols-[240px_minmax(0,1fr)]">
        <aside className="sticky top-0 hidden h-dvh flex-col gap-5 self-start overflow-y-auto border-r border-line px-3 py-3.5 lg:flex">
          <Brand name={SITE_NAME} href="/dashboard" className="px-2.5 py-1" />
          <SideNav />
          <SideLinks />
        </aside>
        <div className="flex min-w-0 flex-col">
          <header className="sticky top-0 z-20 flex h-14 items-center gap-2 border-b border-line bg-canvas/90 px-4 backdrop-blur-md max-[359px]:gap-1 max-[359px]:px-3 md:px-6">
            <Brand name={SITE_NAME} href="/dashboard" className="lg:hidden" />
            <CommandButton className="max-lg:ml-auto lg:w-64 lg:[&_kbd]:ml-auto" />
            <span className="flex items-center gap-2 max-[359px]:gap-1 lg:ml-auto">
              <NewsBell initial={news} />
              <HeaderBalance initial={plain(balance)} />
              <UserMenu
                name={session.user.name}
                email={session.user.email}
                staff={session.awaitsCode || isStaff(session.user.role)}
              />
            </span>
          </header>
          <main
            id="content"
            className="mx-auto w-full max-w-[1200px] flex-1 px-4 py-6 pb-28 md:px-6 md:py-8 lg:pb-16"
          >
            {children}
          </main>
        </div>
      </div>
      <BottomNav />
    </div>
  );
}

async function SideLinks() {
  const t = await getTranslations("shell.nav");
  const style =
    "flex h-8 items-center gap-2.5 rounded-control px-2.5 text-13 text-text-3 transition-colors duration-120 hover:bg-hover hover:text-text";
  return (
    <div className="grid gap-0.5 border-t border-line pt-4">
      <Link href="/pricing" className={style}>
        <Tag aria-hidden="true" className="size-4" strokeWidth={1.75} />
        {t("pricing")}
      </Link>
      <Link href="/docs" className={style}>
        <BookOpen aria-hidden="true" className="size-4" strokeWidth={1.75} />
        {t("docs")}
      </Link>
      <a href="/api/docs" className={style}>
        <Braces aria-hidden="true" className="size-4" strokeWidth={1.75} />
        {t("api")}
      </a>
    </div>
  );
}
