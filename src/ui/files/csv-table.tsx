// biome-ignore-all lint/suspicious/noArrayIndexKey: rows and columns have no other name, and do not move
"use client";

import { useTranslations } from "next-intl";
import { parseCsv } from "./csv";

const rowsShown = 200;

/** Comma-separated values as a table; the first row names the columns. */
export function CsvTable({ text }: { text: string }) {
  const t = useTranslations("common.files");
  const [head = [], ...rows] = parseCsv(text, rowsShown + 1);
  return (
    <section
      aria-label={t("resultText")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-[70vh] overflow-auto rounded-card border border-line bg-surface"
    >
      <table className="w-full border-collapse text-13">
        <thead className="sticky top-0 bg-surface text-left text-12 text-text-3">
          <tr>
            {head.map((cell, column) => (
              <th
                key={column}
                scope="col"
                className="h-8 border-b border-line px-3 font-medium whitespace-nowrap"
              >
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, position) => (
            <tr key={position} className="border-b border-line last:border-0">
              {row.map((cell, column) => (
                <td key={column} className="px-3 py-2 text-text">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
