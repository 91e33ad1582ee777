import { z } from "zod";
import { csvLine } from "#platform/csv";
import type { TableColumn } from "./prompt-work";

/** Tables that a model fills: what it is told of their form, and its answer read. Pure. */

/** A JSON Schema on a line of its own. */
export function askForTable(columns: readonly TableColumn[]): string {
  const json = z.toJSONSchema(tableSchema(columns), { io: "input" });
  const titles = columns.map(({ name, label }) => `${name}: ${label.en}`).join("; ");
  return (
    "Answer with a table as JSON alone, without a code fence and without remarks. " +
    `Columns: ${titles}.\nJSON Schema: ${JSON.stringify(json)}`
  );
}

export type TableRow = Record<string, string | number | boolean | null>;

/** @returns null when the answer is no such table */
export function readTable(columns: readonly TableColumn[], answer: string): TableRow[] | null {
  const fenced = /```(?:json)?[^\S\n]*\n([\s\S]*?)```/.exec(answer)?.[1];
  const begin = answer.indexOf("{");
  const text = fenced ?? answer.slice(begin, answer.lastIndexOf("}") + 1);
  try {
    return tableSchema(columns).parse(JSON.parse(text)).rows;
  } catch {
    return null;
  }
}

/** With the columns' names in the first line. */
export function tableCsv(columns: readonly TableColumn[], rows: readonly TableRow[]): string {
  const names = columns.map(({ name }) => name);
  const cells = rows.map((row) => names.map((name) => `${row[name] ?? ""}`));
  return [names, ...cells].map(csvLine).join("");
}

const mostRows = 1_000;

function tableSchema(columns: readonly TableColumn[]) {
  const types = { text: z.string(), number: z.number(), switch: z.boolean() };
  const row: z.ZodType<TableRow, TableRow> = z.object(
    Object.fromEntries(columns.map(({ name, type }) => [name, types[type].nullable()])),
  );
  return z.object({ rows: z.array(row).max(mostRows) });
}
