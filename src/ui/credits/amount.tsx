"use client";

import { cn } from "#cn";
import type { Count } from "#format";
import { CreditGlyph } from "#ui/icons";
import { useFormat } from "#ui/use-format";

type AmountProps = {
  /** Whole credits. */
  credits: Count;
  /** Show a change with its sign, U+2212 for spending: ink, since red is failure. */
  signed?: boolean;
  /** With the glyph before it. */
  glyph?: boolean;
  /** Leave the unit out where a column's head names it. */
  bare?: boolean;
  className?: string;
};

/** An amount of credits, grouped, with its unit. */
export function Amount({ credits, signed = false, glyph = false, bare = false, className }: AmountProps) {
  const format = useFormat();
  const figure = signed ? format.signed(credits) : format.integer(credits);
  return (
    <span className={cn("num inline-flex items-center gap-1.5 whitespace-nowrap", className)}>
      {glyph && <CreditGlyph />}
      <span>{bare ? figure : `${figure} ${format.creditUnit(credits)}`}</span>
    </span>
  );
}
