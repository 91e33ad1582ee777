"use client";

import { Check, Languages, Monitor, Moon, Sun } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState, useTransition } from "react";
import { type Locale, languageTags, localeCookie, locales } from "#i18n/locale";
import { api } from "#ui/api";
import { keepPreference } from "#ui/cookie";
import { useSignedIn } from "#ui/identity/signed-in";
import { IconButton } from "#ui/primitives/icon-button";
import { Menu, MenuChoice } from "#ui/primitives/menu";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { isTheme, type Theme, themeCookie, themes } from "#ui/theme";

/** Each language in its own words, so that whoever needs it can read it. */
export const languageNames = { en: "English", zh: "简体中文" } as const satisfies Record<Locale, string>;

/**
 * Sets the language: the page stays, and so does what was typed, since the server only sends it anew.
 * A page under /zh moves to its own address. Of whoever is signed in it is kept with them too: mails and
 * Stripe's pages are written in it.
 */
export function useLanguage(): { locale: Locale; change: (locale: Locale) => void; pending: boolean } {
  const locale = useLocale();
  const router = useRouter();
  const path = usePathname();
  const search = useSearchParams().toString();
  const signedIn = useSignedIn();
  const problemText = useProblemText();
  const [pending, start] = useTransition();
  return {
    locale,
    pending,
    change: (next) => {
      keepPreference(localeCookie, next);
      document.documentElement.lang = languageTags[next];
      if (signedIn) {
        api.patch("/me", { locale: next }).catch((error: unknown) => toast.failure(problemText(error)));
      }
      start(() => {
        if (path === "/zh" || path.startsWith("/zh/")) {
          router.replace(`${path.slice(3) || "/"}${search && `?${search}`}${location.hash}`);
        }
        router.refresh();
      });
    },
  };
}

/** The theme that holds; changing it sets the html element's class and the cookie. */
export function useTheme(): { theme: Theme; change: (theme: Theme) => void } {
  const [theme, setTheme] = useState<Theme>("system");
  useEffect(() => {
    const marked = document.documentElement.dataset.theme;
    if (isTheme(marked)) setTheme(marked);
  }, []);
  return {
    theme,
    change: (next) => {
      setTheme(next);
      keepPreference(themeCookie, next);
      const root = document.documentElement;
      root.dataset.theme = next;
      root.classList.remove("light", "dark");
      if (next !== "system") root.classList.add(next);
    },
  };
}

const themeIcons = {
  system: <Monitor strokeWidth={1.75} />,
  light: <Sun strokeWidth={1.75} />,
  dark: <Moon strokeWidth={1.75} />,
} as const satisfies Record<Theme, ReactNode>;

/** The theme's choices, for a menu. */
export function ThemeChoice() {
  const t = useTranslations("common.theme");
  const { theme, change } = useTheme();
  const options = themes.map((value) => ({
    value,
    label: (
      <>
        {themeIcons[value]}
        {t(value)}
      </>
    ),
  }));
  return <MenuChoice label={t("label")} value={theme} onValueChange={change} options={options} />;
}

/** The languages, for a menu. */
export function LanguageChoice() {
  const t = useTranslations("common");
  const { locale, change } = useLanguage();
  const options = locales.map((value) => ({ value, label: languageNames[value], lang: languageTags[value] }));
  return <MenuChoice label={t("language")} value={locale} onValueChange={change} options={options} />;
}

/** A button whose menu changes language and theme. */
export function PreferencesMenu() {
  const t = useTranslations("common");
  return (
    <Menu
      trigger={
        <IconButton
          label={`${t("language")} · ${t("theme.label")}`}
          icon={<Languages strokeWidth={1.75} />}
        />
      }
    >
      <LanguageChoice />
      <ThemeChoice />
    </Menu>
  );
}

/** Both languages as plain buttons, for the footer. */
export function LanguageLinks() {
  const { locale, change } = useLanguage();
  return (
    <span className="flex items-center gap-1">
      {locales.map((value) => (
        <button
          key={value}
          type="button"
          lang={languageTags[value]}
          aria-pressed={value === locale}
          onClick={() => change(value)}
          className="inline-flex h-8 items-center gap-1 rounded-control px-2 text-13 text-text-2 hover:bg-hover hover:text-text aria-pressed:text-text pointer-coarse:h-11"
        >
          {value === locale && <Check aria-hidden="true" className="size-3.5" strokeWidth={2} />}
          {languageNames[value]}
        </button>
      ))}
    </span>
  );
}
