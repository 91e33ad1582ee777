"use client";

import { useTranslations } from "next-intl";
import { cn } from "#cn";
import { PriceButton } from "#ui/credits/price-button";
import type { Quote, QuoteState } from "#ui/runs/use-quote";
import { usePriceText } from "#ui/tool-price";
import { useFormat } from "#ui/use-format";
import type { ToolView, Viewer } from "./tool-view";

type RunBarProps = {
  tool: ToolView;
  viewer: Viewer;
  price: QuoteState;
  starting: boolean;
  /** Why it cannot be pressed now; null when it can. */
  blocked: string | null;
  onRun: () => void;
};

/** The one button that spends, with its price, the balance after it, and why. */
export function RunBar({ tool, viewer, price, starting, blocked, onRun }: RunBarProps) {
  const t = useTranslations("tools.run");
  const { quote, pending } = price;
  const signIn = viewer === null && !tool.tryable;
  const known = quote && quote.available !== null && quote.availableAfter !== null;
  return (
    <div className="grid gap-1" data-testid="run-bar" aria-busy={pending || undefined}>
      <PriceButton
        price={known ? { ...quote, available: quote.available ?? 0, availableAfter: quote.availableAfter ?? 0 } : null}
        free={viewer === null}
        {...(signIn && { label: t("signIn") })}
        busy={starting}
        blocked={blocked}
        onRun={onRun}
      />
      <div className={cn("num text-center text-13 text-text-3", pending && "opacity-60")}>
        {quote ? <PriceWhy quote={quote} /> : <UnitPriceLine tool={tool} hint={signIn ? t("signInHint") : null} />}
      </div>
    </div>
  );
}

/** How the price comes about. */
function PriceWhy({ quote }: { quote: Quote }) {
  const t = useTranslations("tools.why");
  const line = useLineText();
  if (quote.available === null) return <p>{t("visitor")}</p>;
  return (
    <>
      <p data-testid="price-why">{quote.lines.map(line).join(" + ")}</p>
      {quote.kind === "upTo" && <p>{t("upTo")}</p>}
    </>
  );
}

/** "3 pages × 2". */
function useLineText(): (line: Quote["lines"][number]) => string {
  const t = useTranslations("tools.why");
  const format = useFormat();
  return ({ label, quantity, unitCredits, credits }) => {
    if (label === "run") return t("run");
    if (label === "minimum" || label === "maximum") return `${t(label)} (${format.signed(credits)})`;
    const tokens = label === "inputTokens" || label === "outputTokens";
    const what = isCounted(label)
      ? t(label, { count: quantity })
      : isMeasured(label)
        ? t(label, { quantity: tokens ? format.integer(Math.ceil(quantity)) : format.decimal(quantity) })
        : label;
    return tokens ? what : t("line", { what, unit: format.decimal(unitCredits) });
  };
}

const counted = ["files", "images", "pages", "documents"] as const;
const measured = ["megapixels", "inputTokens", "outputTokens"] as const;

function isCounted(label: string): label is (typeof counted)[number] {
  return counted.some((known) => known === label);
}

function isMeasured(label: string): label is (typeof measured)[number] {
  return measured.some((known) => known === label);
}

/** Before there is an input: what one unit costs. */
function UnitPriceLine({ tool, hint }: { tool: ToolView; hint: string | null }) {
  const priceText = usePriceText();
  return (
    <>
      {tool.price && <p>{priceText(tool.price)}</p>}
      {hint && <p>{hint}</p>}
    </>
  );
}
