"use client";

import { useTranslations } from "next-intl";
import { cn } from "#cn";
import type { Price } from "#ui/credits/price";
import { PriceButton, PriceLines } from "#ui/credits/price-button";
import type { Quote, QuoteState } from "#ui/runs/use-quote";
import { UnitPriceLines } from "#ui/tool-price";
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
  return (
    <div className="grid gap-1" data-testid="run-bar" aria-busy={pending || undefined}>
      <PriceButton
        price={quote && quote.available !== null && !tool.trial ? withBalance(quote) : null}
        free={viewer === null || tool.trial}
        {...(signIn && { label: t("signIn") })}
        {...(tool.trial && { label: t("trial") })}
        busy={starting}
        blocked={blocked}
        onRun={onRun}
      />
      <div className={cn("num text-13 text-text-3 transition-opacity duration-120", pending && "opacity-60")}>
        {quote ? (
          <PriceWhy quote={quote} />
        ) : (
          <UnitPriceLine tool={tool} hint={signIn ? t("signInHint") : null} />
        )}
      </div>
    </div>
  );
}

/** How the price comes about. */
function PriceWhy({ quote }: { quote: Quote }) {
  const t = useTranslations("tools.why");
  if (quote.available === null) return <p className="text-center">{t("visitor")}</p>;
  return (
    <div data-testid="price-why" className="grid gap-1">
      <PriceLines price={withBalance(quote)} />
      {quote.kind === "upTo" && <p>{t("upTo")}</p>}
    </div>
  );
}

/** The quote of somebody who has a balance. */
function withBalance(quote: Quote): Price {
  return { ...quote, available: quote.available ?? 0, availableAfter: quote.availableAfter ?? 0 };
}

/** Before there is an input: what one unit costs. */
function UnitPriceLine({ tool, hint }: { tool: ToolView; hint: string | null }) {
  return (
    <>
      {tool.price && (
        <p className="text-center">
          <UnitPriceLines price={tool.price} />
        </p>
      )}
      {hint && <p className="text-center">{hint}</p>}
    </>
  );
}
