import { type DayAmounts, type Series, SeriesMark, totalOf } from "./series";

type DayCardProps = {
  title: string;
  note?: string | undefined;
  day: DayAmounts;
  series: readonly Series[];
  amountText: (amount: number) => string;
  totalLabel?: string | undefined;
  before?: { label: string; amount: number | null } | undefined;
};

/** What stands on a chart's tooltip: a day's amounts by name, their total, and the same day of the period before. */
export function DayCard({ title, note, day, series, amountText, totalLabel, before }: DayCardProps) {
  const known = series.filter(({ key }) => day.amounts[key] !== undefined);
  const used = totalLabel === undefined ? known : known.filter(({ key }) => day.amounts[key] !== 0);
  return (
    <div className="grid min-w-40 gap-1 rounded-field border border-line bg-surface px-3 py-2 text-13 shadow-raised">
      <p className="font-medium text-text">{title}</p>
      {note && <p className="text-12 text-text-3">{note}</p>}
      {used.map(({ key, label, hue }) => (
        <p key={key} className="flex items-center gap-2 text-text-2">
          <SeriesMark hue={hue} />
          <span className="grow">{label}</span>
          <span className="num text-text">{amountText(day.amounts[key] ?? 0)}</span>
        </p>
      ))}
      {totalLabel !== undefined && used.length !== 1 && (
        <p className="flex justify-between gap-4 text-text-2">
          {totalLabel}
          <span className="num font-medium text-text">{amountText(totalOf(day))}</span>
        </p>
      )}
      {before && (
        <p className="flex justify-between gap-4 text-text-3">
          {before.label}
          <span className="num">{before.amount === null ? "—" : amountText(before.amount)}</span>
        </p>
      )}
    </div>
  );
}
