import { useTranslations } from "next-intl";
import type { EntryJson, HoldJson } from "#api/contract";

/** An entry in plain words, and the page of the run or payment that it is about. */
export type Wording = { text: string; href: string | null };

export type ToolName = { slug: string; name: string };

type Source = EntryJson["source"];

/** Puts entries, holds and lots into the reader's words. */
export function useWords(tools: readonly ToolName[]): {
  entry: (entry: Pick<EntryJson, "kind" | "cause" | "source" | "reference">) => Wording;
  hold: (hold: Pick<HoldJson, "cause" | "reference" | "status">) => Wording;
  lot: (source: Source) => string;
} {
  const t = useTranslations("credits.words");
  const toolName = (cause: string): string | null => {
    if (!cause.startsWith("tool:")) return null;
    const slug = cause.slice("tool:".length);
    return tools.find((tool) => tool.slug === slug)?.name ?? slug;
  };
  return {
    entry: ({ kind, cause, source, reference }) => {
      const href = pageOf(reference);
      if (kind === "issued") {
        if (cause === "gift" || cause === "code") return { text: t(cause), href };
        return { text: cause === "rollover" ? t("rollover") : t(`issued.${source}`), href };
      }
      if (kind === "expired") return { text: t("expired", { lot: t(`lot.${source}`) }), href };
      if (kind === "reversed" && cause === "gift") return { text: t("giftTaken"), href };
      if (kind === "reversed") return { text: t("reversed", { lot: t(`lot.${source}`) }), href };
      const tool = toolName(cause);
      return { text: tool ? t("run", { tool }) : t("consumed"), href };
    },
    hold: ({ cause, reference, status }) => {
      const tool = toolName(cause);
      const href = pageOf(reference);
      if (status === "expired") {
        return { text: tool ? t("holdExpired", { tool }) : t("holdExpiredOther"), href };
      }
      return { text: tool ? t("hold", { tool }) : t("holdOther"), href };
    },
    lot: (source) => t(`issued.${source}`),
  };
}

/** Where the customer sees what a reference names; null for what has no page. */
export function pageOf(reference: EntryJson["reference"]): string | null {
  if (reference?.type === "run") return `/runs/${reference.id}`;
  // A trial's: nothing was paid for it.
  if (reference?.type === "subscription") return "/billing";
  if (reference?.type === "invoice" && reference.id.startsWith("in_"))
    return `/billing?invoice=${reference.id}`;
  return null;
}
