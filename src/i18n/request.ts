import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { pageSession } from "#ui/shell/session";
import { defaultLocale, isLocale, localeHeader } from "./locale";
import { messages } from "./messages";

/** The cookie that keeps the browser's time zone, for those who have not signed in. */
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
  // Without the database the page fails, but not the words in which it says so.
  const session = await pageSession().catch(() => null);
  const zone = (await cookies()).get(zoneCookie)?.value;
  return {
    locale,
    messages: messages[locale],
    timeZone: knownZone(session?.user.timeZone ?? (zone && decodeURIComponent(zone))),
  };
});
