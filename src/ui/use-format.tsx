import { useLocale, useTimeZone } from "next-intl";
import { useMemo } from "react";
import { type Formats, formats } from "#format";

/** Formatters in the reader's language and zone. In server components (not async ones) and in the browser. */
export function useFormat(): Formats {
  const locale = useLocale();
  const timeZone = useTimeZone() ?? "UTC";
  return useMemo(() => formats({ locale, timeZone }), [locale, timeZone]);
}
