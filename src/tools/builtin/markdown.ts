/** Small parts of Markdown that several readers write. */

/** Escapes what would become markup, and leaves alone what would not: snake_case stays readable. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*[\]]|<(?=[a-z/!])/gi, "\\$&").replace(/^(#{1,6} |>|[+-] |\d+(?=[.)] ))/, "\\$1");
}

/** A table, its first row the head; rows may be of different lengths. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const [head, ...body] = rows;
  if (!head || width === 0) return "";
  const line = (cells: readonly string[]) =>
    `| ${Array.from({ length: width }, (_, i) => tableCell(cells[i] ?? "")).join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(width)}`, ...body.map(line)].join("\n");
}

function tableCell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .replace(/\s*\n\s*/g, "<br>")
    .trim();
}
