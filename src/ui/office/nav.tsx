"use client";

import { Menu as MenuIcon } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { IconButton } from "#ui/primitives/icon-button";
import { Menu, MenuItem } from "#ui/primitives/menu";
import { type OfficePage, officePages } from "./pages";

type OfficeNavProps = { open: readonly OfficePage[] };

function useItems(open: readonly OfficePage[]) {
  const path = usePathname();
  return officePages
    .filter(({ name }) => open.includes(name))
    .map((page) => ({
      ...page,
      // The overview's address is the beginning of all the others.
      current: page.href === "/admin" ? path === "/admin" : path.startsWith(page.href),
    }));
}

/** The side bar's list of the pages that this role opens. */
export function OfficeNav({ open }: OfficeNavProps) {
  const t = useTranslations("office");
  return (
    <nav aria-label={t("nav.label")}>
      <ul className="grid gap-0.5">
        {useItems(open).map(({ href, name, icon: Icon, current }) => (
          <li key={href}>
            <Link
              href={href}
              // Nobody opens them all: fetched beforehand, each page would cost twenty.
              prefetch={false}
              aria-current={current ? "page" : undefined}
              className="flex h-8 items-center gap-2.5 rounded-control px-2.5 text-13 text-text-2 transition-colors duration-120 hover:bg-hover hover:text-text aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-text"
            >
              <Icon aria-hidden="true" className="size-4" strokeWidth={1.75} />
              {t(`nav.${name}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The same list behind a button, where there is no room for the side bar. */
export function OfficeMenu({ open }: OfficeNavProps) {
  const t = useTranslations("office");
  return (
    <span className="lg:hidden">
      <Menu
        align="start"
        className="w-56"
        trigger={<IconButton label={t("nav.open")} icon={<MenuIcon strokeWidth={1.75} />} />}
      >
        {useItems(open).map(({ href, name, icon: Icon, current }) => (
          <MenuItem key={href} asChild>
            <Link href={href} prefetch={false} aria-current={current ? "page" : undefined}>
              <Icon aria-hidden="true" strokeWidth={1.75} />
              {t(`nav.${name}`)}
            </Link>
          </MenuItem>
        ))}
      </Menu>
    </span>
  );
}
