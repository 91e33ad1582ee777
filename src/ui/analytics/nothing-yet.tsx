"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

/** What will stand here, once there is something. */
export function NothingYet({ children }: { children: ReactNode }) {
  const t = useTranslations("officeAnalytics");
  return (
    <div className="grid min-h-44 grow place-content-center gap-1 rounded-field border border-dashed border-line text-center">
      <p className="text-14 font-semibold text-text">{t("nothing")}</p>
      <p className="max-w-96 px-4 text-13 text-text-2">{children}</p>
    </div>
  );
}
