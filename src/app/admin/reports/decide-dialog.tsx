"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { OfficeReportJson } from "#api/contract";
import { api } from "#ui/api";
import { ActDialog } from "#ui/office/act-dialog";
import { toast } from "#ui/primitives/toast";

export type Decision = "dismissed" | "removed";

type DecideDialogProps = { report: OfficeReportJson; decision: Decision; onClose: () => void };

/** Says what the decision comes to, and takes its reason. */
export function DecideDialog({ report, decision, onClose }: DecideDialogProps) {
  const t = useTranslations(`officeReports.${decision}`);
  const queries = useQueryClient();
  const decide = async (reason: string) => {
    try {
      await api.post(`/admin/reports/${report.id}/decide`, { decision, reason });
      toast.done(t("done"));
    } finally {
      // Also when somebody else was first: the list shows what they decided.
      void queries.invalidateQueries({ queryKey: ["office", "reports"] });
    }
  };
  return (
    <ActDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("title")}
      description={t("text")}
      act={t("act")}
      danger={decision === "removed"}
      onAct={decide}
    >
      {null}
    </ActDialog>
  );
}
