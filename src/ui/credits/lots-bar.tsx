import { useTranslations } from "next-intl";
import type { BalanceJson } from "#api/contract";
import { cn } from "#cn";
import { useFormat } from "#ui/use-format";

type Lot = BalanceJson["lots"][number];

/** How strong the mint of a lot is: the one that is spent first stands out. */
const tints = [100, 62, 40, 26] as const;

/** The tint of the lot at a place of the spending order. */
export function lotTint(place: number): string {
  const strength = tints[Math.min(place, tints.length - 1)];
  return `color-mix(in oklab, var(--mint) ${strength}%, var(--surface))`;
}

/** The square beside a lot's name. */
export function LotMark({ place }: { place: number }) {
  return (
    <span
      aria-hidden="true"
      className="inline-block size-2.5 shrink-0 rounded-[3px]"
      style={{ background: lotTint(place) }}
    />
  );
}

/**
 * A thin bar of all open lots in spending order: what is left in tints of mint, what is on hold hatched,
 * what is used as the empty track.
 */
export function LotsBar({ lots, className }: { lots: readonly Lot[]; className?: string }) {
  const t = useTranslations("common.credits");
  const format = useFormat();
  const granted = lots.reduce((sum, lot) => sum + lot.credits, 0);
  const spoken = lots
    .map((lot) => {
      const left = t("ofTotal", {
        remaining: format.integer(lot.remaining),
        total: format.credits(lot.credits),
      });
      return `${t(`source.${lot.source}`)}: ${left}`;
    })
    .join(". ");
  return (
    <div
      role="img"
      aria-label={`${t("lots")}. ${spoken}`}
      className={cn("flex h-2 gap-0.5 overflow-hidden rounded-full", className)}
    >
      {lots.map((lot, place) => (
        <span
          key={lot.grantId}
          className="flex min-w-1 overflow-hidden rounded-[2px] bg-line"
          style={{ flexGrow: granted === 0 ? 1 : lot.credits / granted, flexBasis: 0 }}
        >
          <span style={{ width: share(lot.remaining, lot.credits), background: lotTint(place) }} />
          <span className="hatched" style={{ width: share(lot.held, lot.credits) }} />
        </span>
      ))}
      {lots.length === 0 && <span className="grow bg-line" />}
    </div>
  );
}

function share(part: number, whole: number): string {
  return `${(100 * part) / whole}%`;
}
