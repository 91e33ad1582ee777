import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { defaultLocale, isLocale, localeHeader } from "./locale";
import { messages } from "./messages";

/** The cookie that keeps the browser's time zone until somebody signs in and has a chosen one. */
const zoneCookie = "zone";

function knownZone(zone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone ?? "UTC" }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}

export default getRequestConfig(async () => {
  const chosen = (await headers()).get(localeHeader);
  const locale = isLocale(chosen) ? chosen : defaultLocale;
  const zone = (await cookies()).get(zoneCookie)?.value;
  return { locale, messages: messages[locale], timeZone: knownZone(zone && decodeURIComponent(zone)) };
});
