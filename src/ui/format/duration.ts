import type { Locale } from "#i18n/locale";

const units = {
  en: { s: " s", min: " min", h: " h", d: " d", joint: " " },
  zh: { s: " 秒", min: " 分", h: " 小时", d: " 天", joint: " " },
} as const satisfies Record<Locale, Record<string, string>>;

/** Two neighbouring units at most; tenths only below ten seconds. Negative spans count as none. */
export function durationText(locale: Locale, seconds: number, decimals: Intl.NumberFormat): string {
  const unit = units[locale];
  const span = Math.max(0, seconds);
  // Something took time, but less than a tenth.
  if (span > 0 && span < 0.05) return `<${decimals.format(0.1)}${unit.s}`;
  if (span < 9.95) return `${decimals.format(span)}${unit.s}`;
  const whole = Math.round(span);
  if (whole < 60) return `${whole}${unit.s}`;
  const join = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
    small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${unit.joint}${small}${smallUnit}`;
  if (whole < 3600) return join(Math.floor(whole / 60), unit.min, whole % 60, unit.s);
  const minutes = Math.floor(whole / 60);
  if (minutes < 24 * 60) return join(Math.floor(minutes / 60), unit.h, minutes % 60, unit.min);
  const hours = Math.floor(minutes / 60);
  return join(Math.floor(hours / 24), unit.d, hours % 24, unit.h);
}
