"use client";

import { ArrowRight } from "lucide-react";
import { useTranslations } from "next-intl";
import type { AdjustmentJson } from "#api/contract";
import { cn } from "#cn";
import { useFormat } from "#ui/use-format";

type AdjustPreviewProps = {
  /** What can be spent now. */
  available: number;
  /** What the server says it would come to; null while there is nothing to say. */
  adjustment: AdjustmentJson | null;
  /** It is of other fields than those shown. */
  stale: boolean;
  failed: boolean;
  expiresAt: string | null;
};

/** Old → new, and what becomes of which lots. */
export function AdjustPreview({ available, adjustment, stale, failed, expiresAt }: AdjustPreviewProps) {
  const t = useTranslations("officeCustomers.adjust");
  const act = useTranslations("office.act");
  const format = useFormat();
  return (
    <div
      className={cn(
        "grid gap-2 rounded-field border border-line bg-sunken px-3.5 py-3 transition-opacity duration-120",
        stale && "opacity-60",
      )}
      aria-live="polite"
      aria-busy={stale}
      data-testid="preview"
    >
      <p className="flex items-baseline justify-between gap-3 text-13">
        <span className="font-medium text-text">{act("preview")}</span>
        <span className="text-text-3">{t("balance")}</span>
      </p>
      <p className="num flex items-center gap-2 text-20 font-semibold text-text">
        <span className={cn(adjustment && "text-text-3")}>
          {format.integer(adjustment?.before ?? available)}
        </span>
        {adjustment && (
          <>
            <ArrowRight aria-hidden="true" className="size-4 text-text-3" strokeWidth={2} />
            <span className="sr-only">→</span>
            <span>{format.integer(adjustment.after)}</span>
            <span className="ml-auto text-14 font-medium text-text-2">{format.signed(adjustment.moved)}</span>
          </>
        )}
      </p>
      <p className="text-13 text-text-2">
        {failed ? (
          t("failed")
        ) : adjustment ? (
          <Words adjustment={adjustment} expiresAt={expiresAt} />
        ) : (
          t("unknown")
        )}
      </p>
    </div>
  );
}

function Words({
  adjustment: { asked, moved },
  expiresAt,
}: {
  adjustment: AdjustmentJson;
  expiresAt: string | null;
}) {
  const t = useTranslations("officeCustomers.adjust");
  const format = useFormat();
  const credits = format.credits(Math.abs(moved));
  if (asked > 0) {
    const end = expiresAt ? t("lotUntil", { date: format.date(expiresAt) }) : t("lotNever");
    return (
      <>
        {t("lot", { credits })} · {end}
      </>
    );
  }
  if (moved === 0) return <>{t("nothing")}</>;
  return <>{t(moved === asked ? "taken" : "partly", { credits })}</>;
}
