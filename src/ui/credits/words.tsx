import { useTranslations } from "next-intl";
import type { EntryJson, HoldJson } from "#api/contract";

/** An entry in plain words, and the run that it leads to. */
export type Wording = { text: string; run: string | null };

export type ToolName = { slug: string; name: string };

type Source = EntryJson["source"];

/** Puts entries, holds and lots into the reader's words. */
export function useWords(tools: readonly ToolName[]): {
  entry: (entry: Pick<EntryJson, "kind" | "cause" | "source" | "reference">) => Wording;
  hold: (hold: Pick<HoldJson, "cause" | "reference">) => Wording;
  lot: (source: Source) => string;
} {
  const t = useTranslations("credits.words");
  const toolName = (cause: string): string | null => {
    if (!cause.startsWith("tool:")) return null;
    const slug = cause.slice("tool:".length);
    return tools.find((tool) => tool.slug === slug)?.name ?? slug;
  };
  const run = (reference: EntryJson["reference"]): string | null =>
    reference?.type === "run" ? reference.id : null;
  return {
    entry: ({ kind, cause, source, reference }) => {
      if (kind === "issued") {
        return { text: cause === "rollover" ? t("rollover") : t(`issued.${source}`), run: null };
      }
      if (kind === "expired") return { text: t("expired", { lot: t(`lot.${source}`) }), run: null };
      if (kind === "reversed") return { text: t("reversed", { lot: t(`lot.${source}`) }), run: null };
      const tool = toolName(cause);
      return { text: tool ? t("run", { tool }) : t("consumed"), run: run(reference) };
    },
    hold: ({ cause, reference }) => {
      const tool = toolName(cause);
      return { text: tool ? t("hold", { tool }) : t("holdOther"), run: run(reference) };
    },
    lot: (source) => t(`issued.${source}`),
  };
}
