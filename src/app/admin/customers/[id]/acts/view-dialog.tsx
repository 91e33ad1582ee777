"use client";

import { useTranslations } from "next-intl";
import { api } from "#ui/api";
import { useIntention } from "#ui/intention";
import { ActDialog } from "#ui/office/act-dialog";
import { PreviewBox } from "#ui/office/act-preview";

type ViewDialogProps = {
  customer: { id: string; name: string };
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

/** Looks at the site as the customer; what that is and is not stands here before. */
export function ViewDialog({ customer: { id, name }, open, onOpenChange }: ViewDialogProps) {
  const t = useTranslations("officeActs.view");
  const intention = useIntention();
  const view = async (reason: string) => {
    await api.post(`/admin/customers/${id}/view`, { reason }, { idempotencyKey: intention.keyFor(reason) });
    // A whole new page: nothing of the back office stays in this one.
    window.location.assign("/dashboard");
  };
  return (
    <ActDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("title", { name })}
      description={t("text")}
      act={t("act")}
      onAct={view}
    >
      <PreviewBox>
        <ul className="grid list-disc gap-1 pl-4 text-13 text-text-2 marker:text-text-3">
          <li>{t("preview.time")}</li>
          <li>{t("preview.reading")}</li>
          <li>{t("preview.log")}</li>
        </ul>
      </PreviewBox>
    </ActDialog>
  );
}
