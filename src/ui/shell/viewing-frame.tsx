"use client";

import { Eye } from "lucide-react";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useState } from "react";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { useFormat } from "#ui/use-format";

type ViewingFrameProps = { customer: { id: string; name: string }; endsAt: string };

/** Around every page while staff view it as a customer: as whom, until when, and the way out. */
export function ViewingFrame({ customer: { id, name }, endsAt }: ViewingFrameProps) {
  const t = useTranslations("officeActs.view");
  const format = useFormat();
  const [busy, setBusy] = useState(false);
  const leave = useCallback(() => window.location.assign(`/admin/customers/${id}`), [id]);
  useEffect(() => {
    // What stands here is the customer's; when the time is over the session is one's own again.
    const timer = setTimeout(leave, Math.max(0, new Date(endsAt).getTime() - Date.now()));
    return () => clearTimeout(timer);
  }, [endsAt, leave]);
  const end = async () => {
    setBusy(true);
    await api.delete("/viewing", { quiet: true }).catch(() => undefined);
    leave();
  };
  return (
    <>
      <div aria-hidden="true" className="pointer-events-none fixed inset-0 z-50 border-4 border-hold" />
      <section
        aria-label={t("frame", { name, time: format.dateTime(endsAt) })}
        className="fixed inset-x-1 bottom-1 z-50 flex min-h-11 flex-wrap items-center justify-center gap-x-3 gap-y-1 bg-hold-soft px-4 py-1.5 text-13 text-hold max-lg:bottom-16"
        data-testid="viewing"
      >
        <Eye aria-hidden="true" className="size-4 shrink-0" strokeWidth={1.75} />
        <span className="font-semibold break-all">{t("frame", { name, time: format.dateTime(endsAt) })}</span>
        <span>{t("only")}</span>
        <Button variant="secondary" size="sm" onClick={end} busy={busy}>
          {t("end")}
        </Button>
      </section>
    </>
  );
}
