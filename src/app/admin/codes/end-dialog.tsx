"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { api } from "#ui/api";
import { useIntention } from "#ui/intention";
import { ActDialog } from "#ui/office/act-dialog";
import { useLast } from "#ui/office/use-last";
import { toast } from "#ui/primitives/toast";

type EndDialogProps = {
  kind: "batch" | "promotion";
  /** What is to be ended; null closes it. */
  ending: { id: string; name: string } | null;
  onClose: () => void;
};

/** Ends a batch of redeem codes, or switches a promotion code off. */
export function EndDialog({ kind, ending, onClose }: EndDialogProps) {
  const t = useTranslations(`officeCodes.${kind}`);
  const queries = useQueryClient();
  const intention = useIntention();
  const shown = useLast(ending);
  if (!shown) return null;
  const { id, name } = shown;
  const end = async (reason: string) => {
    const body = { reason };
    const path = kind === "batch" ? "codes" : "promotions";
    await api.post(`/admin/${path}/${id}/end`, body, { idempotencyKey: intention.keyFor({ id, ...body }) });
    intention.done();
    toast.done(t("ended", { name }));
    await queries.invalidateQueries({ queryKey: ["office", path] });
  };
  return (
    <ActDialog
      open={ending !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("endTitle", { name })}
      description={t("endText")}
      act={t("endAct")}
      danger
      onAct={end}
    >
      {null}
    </ActDialog>
  );
}
