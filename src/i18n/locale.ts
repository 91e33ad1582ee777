/** The site's languages. Small and free of other modules: the browser, the proxy and mails import it. */

export const locales = ["en", "zh"] as const;
export type Locale = (typeof locales)[number];

export const defaultLocale: Locale = "en";

/** The cookie that keeps a chosen language, for a year. */
export const localeCookie = "locale";
/** The request header by which the proxy tells the pages which language it chose. */
export const localeHeader = "x-locale";

/** For html lang and hreflang. */
export const languageTags = { en: "en", zh: "zh-Hans" } as const satisfies Record<Locale, string>;

/** For Intl. */
export const intlLocales = { en: "en-US", zh: "zh-CN" } as const satisfies Record<Locale, string>;

export function isLocale(value: unknown): value is Locale {
  return locales.some((locale) => locale === value);
}

/** The first language of an Accept-Language header that we speak, by its weights; else English. */
export function negotiateLocale(acceptLanguage: string | null | undefined): Locale {
  const wanted = (acceptLanguage ?? "")
    .split(",")
    .map((part, position) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const weight = parameters.map((text) => /^\s*q=([\d.]+)$/.exec(text)?.[1]).find(Boolean);
      return { language: tag.split("-")[0] ?? "", weight: weight ? Number(weight) : 1, position };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.position - b.position);
  for (const { language } of wanted) if (isLocale(language)) return language;
  return defaultLocale;
}

/** Whether the address of a page is one of the Chinese site's. */
export function isChinesePath(pathname: string): boolean {
  return pathname === "/zh" || pathname.startsWith("/zh/");
}

type Asked = { pathname: string; cookie: string | undefined; acceptLanguage: string | null | undefined };

/** The language of a page: its address's, else the one that was chosen, else the first that the browser asks for. */
export function localeOfPage({ pathname, cookie, acceptLanguage }: Asked): Locale {
  if (isChinesePath(pathname)) return "zh";
  return isLocale(cookie) ? cookie : negotiateLocale(acceptLanguage);
}
