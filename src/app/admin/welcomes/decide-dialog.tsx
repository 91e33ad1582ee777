"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { api } from "#ui/api";
import { ActDialog } from "#ui/office/act-dialog";
import { toast } from "#ui/primitives/toast";

export type Decision = "given" | "refused";

type DecideDialogProps = {
  users: readonly string[];
  decision: Decision;
  onClose: () => void;
  onDone: () => void;
};

/** Says what the decision comes to, and takes its reason. */
export function DecideDialog({ users, decision, onClose, onDone }: DecideDialogProps) {
  const t = useTranslations("officeWelcomes");
  const queries = useQueryClient();
  const gives = decision === "given";
  const decide = async (reason: string) => {
    const body = { users, decision, reason };
    const done = await api.post<{ decided: number; skipped: number }>("/admin/welcomes/decide", body);
    toast.done(t("done", done));
    onDone();
    void queries.invalidateQueries({ queryKey: ["office", "welcomes"] });
  };
  return (
    <ActDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(gives ? "giveTitle" : "refuseTitle", { count: users.length })}
      description={t(gives ? "giveText" : "refuseText")}
      act={t(gives ? "give" : "refuse")}
      danger={!gives}
      onAct={decide}
    >
      {null}
    </ActDialog>
  );
}
