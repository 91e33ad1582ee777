/** Finding tools by what people type, and the nearest names when nothing fits. Pure. */

export type Searchable = { name: string; summary: string; slug: string; takes: string; gives: string };

/** Those whose texts hold every word of the query. */
export function searchTools<T extends Searchable>(tools: readonly T[], query: string): T[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  return tools.filter((tool) => {
    const text = fold([tool.name, tool.summary, tool.slug, tool.takes, tool.gives].join(" "));
    return words.every((word) => text.includes(word));
  });
}

/** The few whose name or slug looks most like the query, best first; none where nothing does. */
export function nearestTools<T extends Searchable>(tools: readonly T[], query: string, most = 3): T[] {
  return tools
    .map((tool) => ({
      tool,
      score: Math.max(...[tool.name, tool.slug, tool.summary].map((text) => likeness(text, query))),
    }))
    .filter(({ score }) => score > 0.2)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ tool }) => tool);
}

/** The share of the query's letter pairs that the text has too: forgives typing errors, works in Chinese. */
function likeness(text: string, query: string): number {
  const wanted = pairs(query);
  if (wanted.length === 0) return 0;
  const known = new Set(pairs(text));
  return wanted.filter((pair) => known.has(pair)).length / wanted.length;
}

function pairs(text: string): string[] {
  const letters = [...fold(text).replace(/[\s-]+/g, "")];
  if (letters.length === 1) return letters;
  return letters.slice(1).map((letter, index) => `${letters[index]}${letter}`);
}

function fold(text: string): string {
  return text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").trim();
}
