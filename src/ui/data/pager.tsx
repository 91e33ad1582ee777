"use client";

import { useTranslations } from "next-intl";
import { Button } from "#ui/primitives/button";

type PagerProps = {
  /** How many rows stand above it. */
  shown: number;
  hasMore: boolean;
  busy?: boolean;
  onMore: () => void;
};

/** The foot of a list: more, or that this is all. */
export function Pager({ shown, hasMore, busy = false, onMore }: PagerProps) {
  const t = useTranslations("common");
  return (
    <div className="flex min-h-12 items-center justify-between gap-4 border-t border-line px-5 py-2 text-13 text-text-3">
      <span className="num">{t("showing", { count: shown })}</span>
      {hasMore ? (
        <Button variant="secondary" size="sm" busy={busy} onClick={onMore}>
          {t("loadMore")}
        </Button>
      ) : (
        <span>{t("end")}</span>
      )}
    </div>
  );
}
