"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";

type AskDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What goes, and what stays. */
  text: string;
  act: string;
  /** What it throws is shown; the question stands then. */
  onAct: () => Promise<unknown>;
};

/** Asks before something that cannot be taken back. */
export function AskDialog({ open, onOpenChange, title, text, act, onAct }: AskDialogProps) {
  const common = useTranslations("common");
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const doIt = async () => {
    setBusy(true);
    try {
      await onAct();
      onOpenChange(false);
    } catch (error) {
      toast.failure(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      dismissible={!busy}
      title={title}
      description={text}
      footer={
        <>
          <Button variant="secondary" onClick={() => onOpenChange(false)} disabled={busy}>
            {common("cancel")}
          </Button>
          <Button variant="danger" busy={busy} onClick={() => void doIt()}>
            {act}
          </Button>
        </>
      }
    />
  );
}
