import { Info } from "lucide-react";
import { useTranslations } from "next-intl";

/** Says that the welcome credits come after a check, or that there are none. */
export function WelcomeNotice({ state }: { state: "waiting" | "refused" }) {
  const t = useTranslations("dashboard.notice");
  return (
    <aside
      aria-label={t("label")}
      data-testid="welcome-notice"
      className="flex items-start gap-3 rounded-card border border-line bg-surface px-4 py-3 text-14 text-text sm:px-5"
    >
      <Info aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-text-2" strokeWidth={1.75} />
      <p className="min-w-0 flex-1">{t(`welcome.${state}`)}</p>
    </aside>
  );
}
