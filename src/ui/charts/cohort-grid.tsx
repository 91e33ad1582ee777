import { cn } from "#cn";

export type CohortRow = {
  key: string;
  name: string;
  /** How many it began with. */
  size: number;
  /** Too small for its shares to say anything: pale, without a tint. */
  few: boolean;
  cells: readonly { active: number; incomplete: boolean }[];
};

type CohortGridProps = {
  /** What the shares are, for screen readers. */
  caption: string;
  rows: readonly CohortRow[];
  nameLabel: string;
  sizeLabel: string;
  columnName: (place: number) => string;
  percent: (share: number) => string;
  figure: (count: number) => string;
  incompleteLabel: string;
};

/** Cohorts as lines, the periods since as columns: the darker a cell, the more of them are still there. */
export function CohortGrid({
  caption,
  rows,
  nameLabel,
  sizeLabel,
  columnName,
  percent,
  figure,
  incompleteLabel,
}: CohortGridProps) {
  const columns = Math.max(0, ...rows.map(({ cells }) => cells.length));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section aria-label={caption} tabIndex={0} className="max-h-[480px] overflow-auto">
      <table className="border-separate border-spacing-0.5 text-12">
        <thead className="text-text-3">
          <tr className="*:h-7 *:px-2 *:font-medium *:whitespace-nowrap">
            <th scope="col" className="sticky left-0 bg-surface text-left">
              {nameLabel}
            </th>
            <th scope="col" className="text-right">
              {sizeLabel}
            </th>
            {Array.from({ length: columns }, (_, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
              <th key={place} scope="col" className="num text-right">
                {columnName(place)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} className={cn("*:h-7 *:px-2", row.few ? "text-text-3" : "text-text-2")}>
              <th scope="row" className="sticky left-0 bg-surface text-left font-normal whitespace-nowrap">
                {row.name}
              </th>
              <td className="num text-right">{figure(row.size)}</td>
              {row.cells.map(({ active, incomplete }, place) => {
                const share = row.size === 0 ? 0 : active / row.size;
                return (
                  <td
                    // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                    key={place}
                    title={`${figure(active)} / ${figure(row.size)}${incomplete ? ` · ${incompleteLabel}` : ""}`}
                    className={cn(
                      "num min-w-12 rounded-control border text-right",
                      !row.few && "text-text",
                      incomplete ? "border-dashed border-line-strong" : "border-transparent",
                    )}
                    style={{
                      background: `color-mix(in oklch, var(--c1) ${row.few ? 0 : Math.round(share * 45)}%, var(--sunken))`,
                    }}
                  >
                    {percent(share)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
