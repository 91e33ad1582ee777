"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { cn } from "#cn";
import { byThousand } from "#tools/names";
import { useOnline } from "#ui/live";
import { Button } from "#ui/primitives/button";
import { Kbd } from "#ui/primitives/kbd";
import { useFormat } from "#ui/use-format";
import type { Price } from "./price";
import { Rolling } from "./rolling";

type PriceButtonProps = {
  /** Null while it is being asked for, or while the input lacks something. */
  price: Price | null;
  onRun: () => void;
  /** A run is being started: no second press counts. */
  busy?: boolean;
  /** Why it cannot run, in words; it stands under the button, which stays focusable. */
  blocked?: string | null;
  /** Visitors pay nothing. */
  free?: boolean;
  /** Another word for the act, such as "Run again". */
  label?: ReactNode;
  className?: string;
};

/**
 * The one mint button: what it costs on it, what will be left under it, both moving with the options.
 * ⌘↵ presses it; without a network it says why it does not.
 */
export function PriceButton({
  price,
  onRun,
  busy = false,
  blocked = null,
  free = false,
  label,
  className,
}: PriceButtonProps) {
  const t = useTranslations("common");
  const online = useOnline();
  const noteId = useId();
  const reason = online ? blocked : t("state.offlineReason");
  const stopped = reason !== null || (price === null && !free) || (price !== null && price.short > 0);
  const press = (): void => {
    if (!stopped && !busy) onRun();
  };
  useRunKey(press);
  return (
    <div className={cn("grid gap-2", className)}>
      <Button
        variant="spend"
        size="lg"
        busy={busy}
        aria-disabled={stopped || busy || undefined}
        aria-describedby={noteId}
        data-testid="run"
        onClick={press}
        className="num w-full"
      >
        <Words price={price} free={free} label={label} />
        <Kbd className="border-on-mint/40 bg-transparent text-on-mint max-lg:hidden">⌘↵</Kbd>
      </Button>
      <p id={noteId} className="min-h-5 text-center text-13 text-text-2">
        {reason ?? <After price={price} free={free} />}
      </p>
    </div>
  );
}

function Words({ price, free, label }: { price: Price | null; free: boolean; label: ReactNode }) {
  const t = useTranslations("common.credits");
  const format = useFormat();
  if (free) return label ?? t("runFree");
  if (!price) return label ?? t("runPlain");
  if (price.kind === "upTo") return t("upTo", { price: format.credits(price.credits) });
  const credits = format.credits(price.credits);
  return label ? `${label} · ${credits}` : t("run", { price: credits });
}

function After({ price, free }: { price: Price | null; free: boolean }) {
  const t = useTranslations("common.credits");
  const format = useFormat();
  if (free || !price || price.short > 0) return null;
  const [before, after] = t("balanceAfter", { credits: "\u0000" }).split("\u0000");
  return (
    <>
      {before}
      <Rolling
        value={price.availableAfter}
        text={format.integer(price.availableAfter)}
        className="text-text"
      />
      {after}
    </>
  );
}

/** Why a price is what it is: 3 pages × 2 credits. */
export function PriceLines({ price }: { price: Price }) {
  const t = useTranslations("common.credits");
  const format = useFormat();
  return (
    <ul className="num grid gap-1 text-13 text-text-2 empty:hidden">
      {price.lines.map(({ label, quantity, unitCredits, credits }) => {
        const line = t(`line.${label}`, { count: quantity });
        const thousands = byThousand.some((unit) => unit === label);
        const each = { line, price: format.decimal(thousands ? unitCredits * 1000 : unitCredits) };
        const bound = label === "minimum" || label === "maximum" || label === "rounding";
        return (
          <li key={label} className="flex justify-between gap-4">
            <span>{bound ? line : t(thousands ? "perThousand" : "each", each)}</span>
            <span className="text-text">{format.fraction(credits)}</span>
          </li>
        );
      })}
    </ul>
  );
}

function useRunKey(press: () => void): void {
  const latest = useRef(press);
  useEffect(() => {
    latest.current = press;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
      if (document.querySelector("[role=dialog], [role=alertdialog]")) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
