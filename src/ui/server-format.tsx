import { getLocale, getTimeZone } from "next-intl/server";
import { type Formats, formats } from "#format";

/** Formatters in the reader's language and zone, for async server components. */
export async function serverFormat(): Promise<Formats> {
  return formats({ locale: await getLocale(), timeZone: await getTimeZone() });
}
