"use client";

import {
  Coins,
  CreditCard,
  History,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  UserRound,
  Wrench,
} from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { cn } from "#cn";
import { Kbd } from "#ui/primitives/kbd";

type NavItem = {
  href: string;
  name: "dashboard" | "tools" | "runs" | "credits" | "billing" | "keys" | "account";
  icon: LucideIcon;
  /** The second key after G. */
  key: string;
  /** Left out of the bottom bar, which has room for five: on phones it stands in the user's menu. */
  wide?: true;
};

/** The customer's pages, for the side bar, the bottom bar, the palette and the shortcuts. */
export const navItems: readonly NavItem[] = [
  { href: "/dashboard", name: "dashboard", icon: LayoutDashboard, key: "d" },
  { href: "/tools", name: "tools", icon: Wrench, key: "t" },
  { href: "/runs", name: "runs", icon: History, key: "r" },
  { href: "/credits", name: "credits", icon: Coins, key: "c" },
  { href: "/billing", name: "billing", icon: CreditCard, key: "b", wide: true },
  { href: "/keys", name: "keys", icon: KeyRound, key: "k", wide: true },
  { href: "/account", name: "account", icon: UserRound, key: "a" },
];

const bottomItems = navItems.filter(({ wide }) => !wide);

function useCurrent(): (href: string) => boolean {
  const path = usePathname();
  return (href) => path === href || path.startsWith(`${href}/`);
}

/** The side bar's list. */
export function SideNav() {
  const t = useTranslations("shell.nav");
  const current = useCurrent();
  return (
    <nav aria-label={t("label")}>
      <ul className="grid gap-0.5">
        {navItems.map(({ href, name, icon: Icon, key }) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={current(href) ? "page" : undefined}
              className="group flex h-9 items-center gap-2.5 rounded-control px-2.5 text-14 text-text-2 transition-colors duration-120 hover:bg-hover hover:text-text aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-text"
            >
              <Icon aria-hidden="true" className="size-4" strokeWidth={1.75} />
              {t(name)}
              <span
                className="ml-auto hidden gap-1 group-hover:flex group-focus-visible:flex"
                aria-hidden="true"
              >
                <Kbd>G</Kbd>
                <Kbd>{key.toUpperCase()}</Kbd>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The bar at a phone's foot. */
export function BottomNav() {
  const t = useTranslations("shell.nav");
  const current = useCurrent();
  return (
    <nav
      aria-label={t("label")}
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      <ul className="mx-auto grid max-w-lg grid-cols-5">
        {bottomItems.map(({ href, name, icon: Icon }) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={current(href) ? "page" : undefined}
              className={cn(
                "flex h-14 flex-col items-center justify-center gap-1 text-12 text-text-3 -outline-offset-2",
                "aria-[current=page]:font-medium aria-[current=page]:text-text",
              )}
            >
              <Icon aria-hidden="true" className="size-5" strokeWidth={1.75} />
              <span className="max-w-full truncate px-0.5">{t(name)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
