"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useBalance } from "#ui/live";
import { CopyButton } from "#ui/primitives/copy-button";
import { useFormat } from "#ui/use-format";
import { type Run, runSeconds } from "./run";

/** What a finished run cost and took, in one line; with the hold where less than it was charged. */
export function RunReceipt({ run, visitor }: { run: Run; visitor: boolean }) {
  const t = useTranslations("runs");
  const format = useFormat();
  const seconds = runSeconds(run, new Date(run.endedAt ?? run.createdAt));
  const partly = run.held > 0 && run.charged > 0 && run.charged < run.held;
  return (
    <section
      aria-label={t("receipt.label")}
      data-testid="receipt"
      className="num flex flex-wrap items-center gap-x-2 gap-y-1 border-t border-line px-4 py-3 text-13 text-text-2 sm:px-5"
    >
      {partly && (
        <>
          <span>
            {t("receipt.held")} {format.credits(run.held)}
          </span>
          <Dot />
        </>
      )}
      <span className="font-medium text-text">
        {run.held === 0 ? t("receipt.free") : t("receipt.charged", { credits: format.credits(run.charged) })}
      </span>
      {partly && (
        <>
          <Dot />
          <span>
            {t("receipt.returned")} {format.credits(run.returned)}
          </span>
        </>
      )}
      {!visitor && <Left />}
      {seconds !== null && (
        <>
          <Dot />
          <span>{format.duration(seconds)}</span>
        </>
      )}
      <Dot />
      <span className="inline-flex min-w-0 items-center gap-1">
        <code className="truncate font-mono text-12 text-text-3">{run.id}</code>
        <CopyButton text={run.id} label={t("view.copyId")} />
      </span>
    </section>
  );
}

/** What is left now, by the live balance. */
function Left(): ReactNode {
  const t = useTranslations("runs.receipt");
  const format = useFormat();
  const balance = useBalance(undefined);
  if (!balance) return null;
  return (
    <>
      <Dot />
      <span>{t("left", { credits: format.integer(balance.available) })}</span>
    </>
  );
}

function Dot() {
  return (
    <span aria-hidden="true" className="text-text-3">
      ·
    </span>
  );
}
