"use client";

import { CreditCard, KeyRound, LogOut, ShieldCheck, UserRound } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { LanguageChoice, ThemeChoice } from "#ui/preferences";
import { Menu, MenuItem, MenuLine } from "#ui/primitives/menu";
import { toast } from "#ui/primitives/toast";

/** The customer's initial; its menu leads to the account and staff to the back office, sets language and theme, and signs out. */
export function UserMenu({ name, email, staff }: { name: string; email: string; staff: boolean }) {
  const t = useTranslations("shell");
  const problems = useTranslations("problems");
  const initial = (name || email).slice(0, 1).toUpperCase();
  return (
    <Menu
      className="w-60"
      trigger={
        <button
          type="button"
          aria-label={t("userMenu")}
          className="grid size-9 shrink-0 place-items-center rounded-full border border-line bg-hover text-13 font-semibold text-text-2 transition-colors duration-120 hover:border-line-strong hover:text-text pointer-coarse:size-11"
        >
          {initial}
        </button>
      }
    >
      <div className="px-2.5 pt-2 pb-1.5">
        {name && <p className="truncate text-14 font-medium text-text">{name}</p>}
        <p className="truncate text-13 text-text-3">{email}</p>
      </div>
      <MenuLine />
      <MenuItem asChild>
        <Link href="/account">
          <UserRound strokeWidth={1.75} />
          {t("nav.account")}
        </Link>
      </MenuItem>
      <MenuItem asChild>
        <Link href="/billing">
          <CreditCard strokeWidth={1.75} />
          {t("nav.billing")}
        </Link>
      </MenuItem>
      <MenuItem asChild>
        <Link href="/keys">
          <KeyRound strokeWidth={1.75} />
          {t("nav.keys")}
        </Link>
      </MenuItem>
      {staff && (
        <MenuItem asChild>
          <Link href="/admin">
            <ShieldCheck strokeWidth={1.75} />
            {t("nav.office")}
          </Link>
        </MenuItem>
      )}
      <MenuLine />
      <LanguageChoice />
      <ThemeChoice />
      <MenuLine />
      <MenuItem onSelect={() => signOut().catch(() => toast.failure(problems("network")))}>
        <LogOut strokeWidth={1.75} />
        {t("signOut")}
      </MenuItem>
    </Menu>
  );
}

/** Ends the session and leaves for the start page with a full load, so that nothing private stays in memory. */
async function signOut(): Promise<void> {
  const response = await fetch("/api/auth/sign-out", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  if (!response.ok) throw new Error(`Signing out answered ${response.status}.`);
  location.assign("/");
}
