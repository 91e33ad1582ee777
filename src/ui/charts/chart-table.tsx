import { cn } from "#cn";
import { type DayAmounts, type Series, SeriesMark, totalOf } from "./series";

type ChartTableProps = {
  /** What the figures are, for screen readers. */
  caption: string;
  days: readonly DayAmounts[];
  series: readonly Series[];
  dayName: (day: string) => string;
  figure: (amount: number) => string;
  dayLabel: string;
  /** Left out where amounts are nothing that adds up: then there are no totals, and what is missing is a dash. */
  totalLabel?: string | undefined;
  /** Columns behind the series. */
  further?: readonly { key: string; label: string; cell: (day: DayAmounts, place: number) => string }[];
  className?: string;
};

/** A chart's figures as a table, the latest day first, its totals at the foot; the days stay where it scrolls. */
export function ChartTable({
  caption,
  days,
  series,
  dayName,
  figure,
  dayLabel,
  totalLabel,
  further = [],
  className,
}: ChartTableProps) {
  const sum = (key: string) => days.reduce((total, { amounts }) => total + (amounts[key] ?? 0), 0);
  const adds = totalLabel !== undefined;
  const text = (amount: number | undefined) => (amount === undefined && !adds ? "—" : figure(amount ?? 0));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section aria-label={caption} tabIndex={0} className={cn("overflow-auto", className)}>
      <table className="w-full text-13">
        <thead className="sticky top-0 z-10 bg-surface text-12 text-text-3">
          <tr className="*:h-8 *:border-b *:border-line *:px-2 *:font-medium *:whitespace-nowrap">
            <th scope="col" className="sticky left-0 bg-surface text-left">
              {dayLabel}
            </th>
            {series.map(({ key, label, hue }) => (
              <th key={key} scope="col" className="text-right">
                <span className="inline-flex items-center gap-1.5">
                  <SeriesMark hue={hue} />
                  {label}
                </span>
              </th>
            ))}
            {adds && (
              <th scope="col" className="text-right">
                {totalLabel}
              </th>
            )}
            {further.map(({ key, label }) => (
              <th key={key} scope="col" className="text-right">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days
            .map((day, place) => ({ day, place }))
            .toReversed()
            .map(({ day, place }) => (
              <tr key={day.day} className="*:h-8 *:border-b *:border-line *:px-2 *:whitespace-nowrap">
                <th scope="row" className="sticky left-0 bg-surface text-left font-normal text-text-2">
                  {dayName(day.day)}
                </th>
                {series.map(({ key }) => (
                  <td key={key} className={cn("text-right", !day.amounts[key] && "text-text-3")}>
                    {text(day.amounts[key])}
                  </td>
                ))}
                {adds && <td className="text-right font-medium">{figure(totalOf(day))}</td>}
                {further.map(({ key, cell }) => (
                  <td key={key} className="text-right text-text-2">
                    {cell(day, place)}
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
        {adds && (
          <tfoot className="sticky bottom-0 z-10 bg-surface">
            <tr className="*:h-9 *:border-t *:border-line *:px-2 *:font-medium *:whitespace-nowrap">
              <th scope="row" className="sticky left-0 bg-surface text-left">
                {totalLabel}
              </th>
              {series.map(({ key }) => (
                <td key={key} className="text-right">
                  {figure(sum(key))}
                </td>
              ))}
              <td className="text-right">{figure(days.reduce((total, day) => total + totalOf(day), 0))}</td>
              {further.length > 0 && <td colSpan={further.length} />}
            </tr>
          </tfoot>
        )}
      </table>
    </section>
  );
}
