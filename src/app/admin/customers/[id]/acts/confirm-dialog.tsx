"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { api } from "#ui/api";
import { useIntention } from "#ui/intention";
import { ActDialog } from "#ui/office/act-dialog";
import { PreviewBox } from "#ui/office/act-preview";
import { toast } from "#ui/primitives/toast";

type ConfirmDialogProps = {
  customer: { id: string; name: string; email: string };
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

/** Sends a customer another link to confirm their address. */
export function ConfirmDialog({ customer: { id, name, email }, open, onOpenChange }: ConfirmDialogProps) {
  const t = useTranslations("officeActs.confirm");
  const router = useRouter();
  const intention = useIntention();
  const send = async (reason: string) => {
    const options = { idempotencyKey: intention.keyFor(reason) };
    await api.post(`/admin/customers/${id}/confirmation`, { reason }, options);
    intention.done();
    toast.done(t("done", { email }));
    router.refresh();
  };
  return (
    <ActDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("title", { name })}
      description={t("text")}
      act={t("act")}
      onAct={send}
    >
      <PreviewBox>
        <ul className="grid list-disc gap-1 pl-4 text-13 text-text-2 marker:text-text-3">
          <li className="break-words">{t("goesTo", { email })}</li>
          <li>{t("works")}</li>
          <li>{t("limits")}</li>
        </ul>
      </PreviewBox>
    </ActDialog>
  );
}
