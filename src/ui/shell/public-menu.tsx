"use client";

import { Menu as MenuIcon } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { LanguageChoice, ThemeChoice } from "#ui/preferences";
import { IconButton } from "#ui/primitives/icon-button";
import { Menu, MenuItem, MenuLine } from "#ui/primitives/menu";

const links = [
  { href: "/tools", name: "tools" },
  { href: "/pricing", name: "pricing" },
  { href: "/docs", name: "docs" },
] as const;

/** What the public header shows beside the name, on a phone. */
export function PublicMenu() {
  const t = useTranslations("shell");
  return (
    <span className="md:hidden">
      <Menu
        className="w-56"
        trigger={<IconButton label={t("openMenu")} icon={<MenuIcon strokeWidth={1.75} />} />}
      >
        {links.map(({ href, name }) => (
          <MenuItem key={href} asChild>
            <Link href={href}>{t(`nav.${name}`)}</Link>
          </MenuItem>
        ))}
        <MenuItem asChild>
          <Link href="/sign-in">{t("signIn")}</Link>
        </MenuItem>
        <MenuLine />
        <LanguageChoice />
        <ThemeChoice />
      </Menu>
    </span>
  );
}
