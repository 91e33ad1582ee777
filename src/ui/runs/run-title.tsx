"use client";

import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useFormat } from "#ui/use-format";
import type { Run } from "./run";

/** Puts the run's progress before the page's title, where a tab in the background shows it. */
export function useRunTitle(run: Run | undefined, base: string): void {
  const t = useTranslations("runs.view.title");
  const format = useFormat();
  const state = run && titleOf(run);
  useEffect(() => {
    document.title = state ? `${state} · ${base}` : base;
  }, [state, base]);

  function titleOf({ status, progress }: Run): string {
    if (status !== "running") return t(status);
    return progress === null ? t("runningPlain") : t("running", { percent: format.percent(progress) });
  }
}
