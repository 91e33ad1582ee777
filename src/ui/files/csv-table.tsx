// biome-ignore-all lint/suspicious/noArrayIndexKey: rows and columns have no other name, and do not move
"use client";

import { useLocale, useTranslations } from "next-intl";
import { cn } from "#cn";
import { isLocale, type Locale } from "#i18n/locale";
import { parseCsv } from "./csv";

export type CsvColumn = {
  name: string;
  label: Record<Locale, string>;
  type: "text" | "number" | "switch";
};

const rowsShown = 200;

type CsvTableProps = {
  text: string;
  /** What is known of its columns, by the names in the first row. */
  columns: readonly CsvColumn[];
};

/** Comma-separated values as a table; the first row names the columns. */
export function CsvTable({ text, columns }: CsvTableProps) {
  const t = useTranslations("common.files");
  const locale = useLocale();
  const [head = [], ...rows] = parseCsv(text, rowsShown + 1);
  const known = head.map((name) => columns.find((column) => column.name === name));
  const labelOf = (name: string, place: number) =>
    known[place]?.label[isLocale(locale) ? locale : "en"] ?? name;
  const side = (place: number) => (known[place]?.type === "number" ? "num text-right" : "text-left");
  return (
    <section
      aria-label={t("resultText")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-[70vh] overflow-auto rounded-card border border-line bg-surface"
    >
      <table className="w-full border-collapse text-13">
        <thead className="sticky top-0 bg-surface text-12 text-text-3">
          <tr>
            {head.map((cell, column) => (
              <th
                key={column}
                scope="col"
                className={cn("h-8 border-b border-line px-3 font-medium whitespace-nowrap", side(column))}
              >
                {labelOf(cell, column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, position) => (
            <tr key={position} className="border-b border-line last:border-0">
              {row.map((cell, column) => (
                <td key={column} className={cn("px-3 py-2 text-text", side(column))}>
                  {known[column]?.type === "switch" ? <YesNo said={cell} /> : cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function YesNo({ said }: { said: string }) {
  const t = useTranslations("common.files");
  return said === "" ? null : t(said === "true" ? "yes" : "no");
}
