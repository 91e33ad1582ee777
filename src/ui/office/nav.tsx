"use client";

import { Menu as MenuIcon } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { Fragment, useEffect, useRef } from "react";
import { IconButton } from "#ui/primitives/icon-button";
import { Menu, MenuItem, MenuLabel } from "#ui/primitives/menu";
import { type OfficePage, officeGroups, officePages } from "./pages";

type OfficeNavProps = { open: readonly OfficePage[] };

function useGroups(open: readonly OfficePage[]) {
  const path = usePathname();
  const items = officePages
    .filter(({ name }) => open.includes(name))
    .map((page) => ({
      ...page,
      // The overview's address is the beginning of all the others.
      current: page.href === "/admin" ? path === "/admin" : path.startsWith(page.href),
    }));
  return officeGroups
    .map((group) => ({ group, items: items.filter((item) => item.group === group) }))
    .filter((group) => group.items.length > 0);
}

/** The side bar's list of the pages that this role opens. */
export function OfficeNav({ open }: OfficeNavProps) {
  const t = useTranslations("office");
  const nav = useRef<HTMLElement>(null);
  useEffect(() => showCurrent(nav.current), []);
  return (
    <nav ref={nav} aria-label={t("nav.label")} className="grid gap-4">
      {useGroups(open).map(({ group, items }) => (
        <div key={group} className="grid gap-0.5">
          {group !== "start" && (
            <p id={`office-${group}`} className="px-2.5 pb-0.5 text-12 font-medium text-text-3">
              {t(`nav.group.${group}`)}
            </p>
          )}
          <ul aria-labelledby={group === "start" ? undefined : `office-${group}`} className="grid gap-0.5">
            {items.map(({ href, name, icon: Icon, current }) => (
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
        </div>
      ))}
    </nav>
  );
}

/** The list is longer than a low window: after a reload, too, the page that is open is to be seen in it. */
function showCurrent(nav: HTMLElement | null): void {
  const bar = nav?.parentElement;
  const item = nav?.querySelector<HTMLElement>("[aria-current=page]");
  if (!bar || !item) return;
  const bottom = item.getBoundingClientRect().bottom - bar.getBoundingClientRect().top;
  if (bottom > bar.clientHeight) bar.scrollTop = bottom - bar.clientHeight / 2;
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
        {useGroups(open).map(({ group, items }) => (
          <Fragment key={group}>
            {group !== "start" && <MenuLabel>{t(`nav.group.${group}`)}</MenuLabel>}
            {items.map(({ href, name, icon: Icon, current }) => (
              <MenuItem key={href} asChild>
                <Link href={href} prefetch={false} aria-current={current ? "page" : undefined}>
                  <Icon aria-hidden="true" strokeWidth={1.75} />
                  {t(`nav.${name}`)}
                </Link>
              </MenuItem>
            ))}
          </Fragment>
        ))}
      </Menu>
    </span>
  );
}
