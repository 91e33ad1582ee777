import type { ErrorRow, Guide } from "./guide";
import { type Language, languages } from "./samples";

const fences = { curl: "sh", typescript: "ts", python: "python" } as const satisfies Record<Language, string>;

/** The guide as Markdown, for notes, issues and language models; `level` is that of its title. */
export function markdownOf({ title, lead, sections, errors }: Guide, level = 1): string {
  const head = "#".repeat(level);
  const parts = [`${head} ${title}`, lead];
  for (const section of sections) {
    parts.push(`${head}# ${section.title}`, section.text);
    if (section.setting) parts.push(fence("sh", section.setting));
    const { code } = section;
    if (typeof code === "string") parts.push(fence("sh", code));
    else if (code) parts.push(...languages.map((language) => fence(fences[language], code[language])));
  }
  const { heads, rows, others } = errors;
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  const table = (listed: readonly ErrorRow[]) =>
    [
      line([heads.status, heads.code, heads.meaning, heads.fix, heads.again]),
      "|---|---|---|---|---|",
      ...listed.map(({ status, code, meaning, fix, again }) =>
        line([status, `\`${code}\``, meaning, fix, again]),
      ),
    ].join("\n");
  parts.push(`${head}# ${errors.title}`, errors.text, table(rows));
  parts.push(`${head}## ${others.title}`, others.text, table(others.rows));
  return `${parts.join("\n\n")}\n`;
}

function fence(language: string, code: string): string {
  return `\`\`\`${language}\n${code}\n\`\`\``;
}
