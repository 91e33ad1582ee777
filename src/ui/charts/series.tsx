/** What charts draw: amounts per day, split by name. */

export const hues = ["c1", "c2", "c3", "c4", "c5", "c0"] as const;
export type Hue = (typeof hues)[number];

/** One part of a stack. Its hue belongs to its name, not to its rank. */
export type Series = { key: string; label: string; hue: Hue };

/** One day's amounts by series key; what is missing is 0. `day` is YYYY-MM-DD. */
export type DayAmounts = { day: string; amounts: Readonly<Record<string, number>> };

export function totalOf({ amounts }: DayAmounts): number {
  return Object.values(amounts).reduce((sum, amount) => sum + amount, 0);
}

/** The square beside a series' name. */
export function SeriesMark({ hue }: { hue: Hue }) {
  return (
    <span
      aria-hidden="true"
      className="inline-block size-2.5 shrink-0 rounded-[3px]"
      style={{ background: `var(--${hue})` }}
    />
  );
}
