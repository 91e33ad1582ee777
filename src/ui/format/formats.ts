import { intlLocales, type Locale } from "#i18n/locale";
import { durationText } from "./duration";

/** Credits come as bigint from the domains and as number from the API. */
export type Count = number | bigint;
/** A date, or its ISO text as the API gives it. */
export type Moment = Date | string;

/** U+2212, as wide as a plus: a hyphen is not a minus. */
const minus = "\u2212";

/** Formatters of one locale and zone. */
export type Formats = ReturnType<typeof formats>;

/** Makes the formatters. `timeZone` is an IANA name; figures are grouped; nothing here throws on old dates. */
export function formats({ locale, timeZone }: { locale: Locale; timeZone: string }) {
  const tag = intlLocales[locale];
  const integers = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  const decimals = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  const fractions = new Intl.NumberFormat(tag, { maximumFractionDigits: 3 });
  const percents = new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 0 });
  const shares = new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(tag, dayStyle(locale, timeZone));
  const shortDay = new Intl.DateTimeFormat(tag, {
    timeZone,
    month: locale === "zh" ? "long" : "short",
    day: "numeric",
  });
  const monthName = new Intl.DateTimeFormat(tag, {
    timeZone: "UTC",
    year: "numeric",
    month: locale === "zh" ? "long" : "short",
  });
  const clock: Intl.DateTimeFormatOptions = {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  };
  const hour = new Intl.DateTimeFormat(tag, clock);
  const second = new Intl.DateTimeFormat(tag, { ...clock, second: "2-digit" });
  const lists = new Intl.ListFormat(tag, { type: "conjunction" });
  const words = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });

  const integer = (value: Count): string => integers.format(value).replace("-", minus);
  const date = (value: Moment): string => orderedDay(locale, day.formatToParts(new Date(value)));

  return {
    locale,
    timeZone,
    integer,
    /** 1,250 or −4 or +100: a change of a balance. */
    signed: (value: Count): string => (value > 0 ? `+${integers.format(value)}` : integer(value)),
    /** 1 credit, 1,250 credits, 1,250 积分. */
    credits: (value: Count): string => `${integer(value)} ${creditUnit(locale, value)}`,
    /** The unit alone, in the number that `value` asks for. */
    creditUnit: (value: Count): string => creditUnit(locale, value),
    /** One, two and three. */
    list: (words: readonly string[]): string => lists.format(words),
    percent: (fraction: number): string => percents.format(fraction).replace("-", minus),
    /** 12.5%: with a tenth, where small differences count. */
    share: (fraction: number): string => shares.format(fraction).replace("-", minus),
    decimal: (value: number): string => decimals.format(value).replace("-", minus),
    /** A part of a price, which may be less than a credit. */
    fraction: (value: number): string => fractions.format(value).replace("-", minus),
    /**
     * Two decimals or none, as the amount asks, or always (`exact`): amounts beside each other are written alike.
     * `cents` is the currency's smallest unit.
     */
    money: (cents: number, currency: string, exact = false): string => moneyText(tag, cents, currency, exact),
    /** 99.95%, 100%: never rounded up to what was not reached. */
    uptime: (fraction: number): string =>
      `${(Math.floor(fraction * 10_000) / 100).toFixed(fraction === 1 ? 0 : 2)}%`,
    /** 31 Dec 2026, 2026年12月31日. */
    date,
    /** 31 Dec, 12月31日. */
    shortDate: (value: Moment): string =>
      locale === "zh"
        ? shortDay.format(new Date(value))
        : orderedDay(locale, shortDay.formatToParts(new Date(value))),
    /** Dec 2026, 2026年12月. `value` is YYYY-MM, a month without a zone. */
    month: (value: string): string => monthName.format(new Date(`${value}-15T12:00:00Z`)),
    /** 14:05 */
    hour: (value: Moment): string => hour.format(new Date(value)),
    /** 31 Dec 2026, 14:05 */
    dateTime: (value: Moment): string =>
      `${date(value)}${locale === "zh" ? " " : ", "}${hour.format(new Date(value))}`,
    /** With seconds, for receipts and hovers. */
    exactTime: (value: Moment): string =>
      `${date(value)}${locale === "zh" ? " " : ", "}${second.format(new Date(value))}`,
    /** 2026-12-31 14:05:09 UTC */
    utc: (value: Moment): string => `${new Date(value).toISOString().slice(0, 19).replace("T", " ")} UTC`,
    /** 5 minutes ago, 3天后; from a week on the date. */
    relative: (value: Moment, now: Date): string => {
      const seconds = Math.round((new Date(value).getTime() - now.getTime()) / 1000);
      const [unit, size] = unitOf(Math.abs(seconds));
      if (unit === "date") return date(value);
      return words.format(Math.trunc(seconds / size), unit);
    },
    /** 640 B, 1.5 MB; decimal steps, as storage is sold. */
    bytes: (value: number): string => {
      const step = byteSteps.find(({ size }) => value >= size) ?? { unit: "B", size: 1 };
      const amount = value / step.size;
      return `${amount >= 100 ? integers.format(amount) : decimals.format(amount)} ${step.unit}`;
    },
    /** 0.8 s, 12 s, 3 min 5 s, 2 h 4 min. */
    duration: (seconds: number): string => durationText(locale, seconds, decimals),
    /** 320 ms, 3.5 ms, 1.2 s: for what mostly takes less than a second. */
    latency: (ms: number): string =>
      ms < 1000
        ? `${(ms < 100 ? decimals : integers).format(ms)} ${locale === "zh" ? "毫秒" : "ms"}`
        : durationText(locale, ms / 1000, decimals),
  };
}

function creditUnit(locale: Locale, value: Count): string {
  if (locale === "zh") return "积分";
  return value === 1 || value === 1n || value === -1 || value === -1n ? "credit" : "credits";
}

function dayStyle(locale: Locale, timeZone: string): Intl.DateTimeFormatOptions {
  return locale === "zh"
    ? { timeZone, year: "numeric", month: "long", day: "numeric" }
    : { timeZone, year: "numeric", month: "short", day: "numeric" };
}

/** English dates read day, month, year: no one takes 3/4 for April. */
function orderedDay(locale: Locale, parts: Intl.DateTimeFormatPart[]): string {
  if (locale === "zh") return parts.map((part) => part.value).join("");
  const wanted = ["day", "month", "year"] as const;
  return wanted.flatMap((type) => parts.find((part) => part.type === type)?.value ?? []).join(" ");
}

/** How many places a currency's minor unit has: 2 for dollars, 0 for yen. */
export function minorPlaces(currency: string): number {
  return (
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

function moneyText(tag: string, cents: number, currency: string, exact: boolean): string {
  const places = minorPlaces(currency);
  const amount = cents / 10 ** places;
  return new Intl.NumberFormat(tag, {
    style: "currency",
    currency,
    // Yuan and yen share a narrow sign: each language writes its own with it, and the other's longer.
    currencyDisplay: /^(cny|jpy)$/i.test(currency) ? "symbol" : "narrowSymbol",
    minimumFractionDigits: exact || !Number.isInteger(amount) ? places : 0,
    maximumFractionDigits: places,
  })
    .format(amount)
    .replace("-", minus);
}

const byteSteps = [
  { unit: "GB", size: 1e9 },
  { unit: "MB", size: 1e6 },
  { unit: "kB", size: 1e3 },
] as const;

type RelativeUnit = "second" | "minute" | "hour" | "day" | "date";

function unitOf(seconds: number): readonly [unit: RelativeUnit, size: number] {
  if (seconds < 60) return ["second", 1];
  if (seconds < 3600) return ["minute", 60];
  if (seconds < 86_400) return ["hour", 3600];
  if (seconds < 7 * 86_400) return ["day", 86_400];
  return ["date", 1];
}
