"use client";

import { useTranslations } from "next-intl";
import type { JobJson } from "#api/contract";
import { api } from "#ui/api";
import { ActDialog } from "#ui/office/act-dialog";
import { useLast } from "#ui/office/use-last";
import { toast } from "#ui/primitives/toast";

type DiscardDialogProps = { job: JobJson | null; onClose: () => void; onDone: () => Promise<void> };

/** Says what becomes of the job's work before it is dropped; what would be lost keeps it. */
export function DiscardDialog({ job, onClose, onDone }: DiscardDialogProps) {
  const t = useTranslations("officeOperations.jobs");
  const shown = useLast(job);
  if (!shown) return null;
  return (
    <ActDialog
      open={job !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("discardTitle", { task: shown.task })}
      act={t("discardAct")}
      danger
      incomplete={shown.loss === "needed"}
      onAct={async (reason) => {
        await api.post(`/admin/jobs/${shown.id}/discard`, { reason });
        toast.done(t("discarded", { task: shown.task }));
        await onDone();
      }}
    >
      <p
        data-testid="loss"
        className="rounded-field border border-line bg-sunken px-3.5 py-3 text-13 text-text"
      >
        {t(`loss.${shown.loss}`)}
      </p>
    </ActDialog>
  );
}
