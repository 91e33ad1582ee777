"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { GiftPreviewJson } from "#api/contract";
import { cn } from "#cn";
import { Problem } from "#ui/api";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";

type GiftPreviewProps = {
  query: UseQueryResult<GiftPreviewJson>;
  /** There is something to ask. */
  asked: boolean;
  action: ReactNode;
};

/** How many people, how many credits in all, and who of the filter gets none. */
export function GiftPreview({ query, asked, action }: GiftPreviewProps) {
  const t = useTranslations("officeGifts.preview");
  const format = useFormat();
  const why = useRefusal();
  const shown = asked && !query.isError ? query.data : undefined;
  return (
    <Card aria-labelledby="gift-preview">
      <CardHeader id="gift-preview" title={t("title")} />
      <CardBody className="grid gap-4">
        <div
          className={cn("grid gap-1", query.isPlaceholderData && "opacity-60")}
          aria-live="polite"
          data-testid="preview"
        >
          {shown ? (
            <>
              <p className="num text-24 font-semibold text-text">{t("people", { count: shown.people })}</p>
              <p className="num text-14 text-text-2">
                {t("total", { credits: format.credits(shown.total) })}
              </p>
              {shown.unconfirmed > 0 && (
                <p className="text-13 text-text-3">{t("unconfirmed", { count: shown.unconfirmed })}</p>
              )}
              {shown.suspended > 0 && (
                <p className="text-13 text-text-3">{t("suspended", { count: shown.suspended })}</p>
              )}
            </>
          ) : (
            <p className={cn("text-13", query.isError && asked ? "text-danger" : "text-text-2")}>
              {query.isError && asked ? why(query.error) : t("unknown")}
            </p>
          )}
        </div>
        <div>{action}</div>
      </CardBody>
    </Card>
  );
}

/** A refusal's sentence, with the limit that it met. */
function useRefusal(): (error: unknown) => string {
  const t = useTranslations("officeGifts.preview");
  const format = useFormat();
  const problemText = useProblemText();
  return (error) => {
    if (!(error instanceof Problem)) return t("failure");
    const [limit, total] = [
      format.credits(error.number("limit") ?? 0),
      format.credits(error.number("total") ?? 0),
    ];
    if (error.code === "adjustment_too_large") return t("tooLargeEach", { limit });
    if (error.code === "gift_too_large") return t("tooLarge", { limit, total });
    return problemText(error);
  };
}
