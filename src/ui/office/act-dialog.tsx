"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, type ReactNode, useEffect, useId, useState } from "react";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { describedBy, Field, FieldError } from "#ui/primitives/field";
import { Textarea } from "#ui/primitives/input";
import { useProblemText } from "#ui/problem-text";

type ActDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** What the button says: the act itself. */
  act: string;
  danger?: boolean;
  /** A sheet where the act has several fields. */
  shape?: "dialog" | "sheet";
  /** Other fields are not filled in yet. */
  incomplete?: boolean;
  /** Does it. What it throws is shown; nothing closes then. */
  onAct: (reason: string) => Promise<void>;
  /** A sentence for a refusal that the general words do not fit. */
  explain?: (error: unknown) => string | null;
  /** The act's own fields and its preview. */
  children: ReactNode;
};

const leastReason = 3;

/** An act of the back office: its fields, what it will change, and the reason that the audit log keeps. */
export function ActDialog({
  open,
  onOpenChange,
  title,
  description,
  act,
  danger = false,
  shape = "dialog",
  incomplete = false,
  onAct,
  explain,
  children,
}: ActDialogProps) {
  const t = useTranslations("office.act");
  const common = useTranslations("common");
  const problemText = useProblemText();
  const id = useId();
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<{ reason?: string; refused?: string }>({});
  useEffect(() => {
    if (open) return;
    setReason("");
    setWrong({});
  }, [open]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim().length < leastReason) return setWrong({ reason: t("reasonMissing") });
    setWrong({});
    setBusy(true);
    try {
      await onAct(reason.trim());
      onOpenChange(false);
    } catch (error) {
      setWrong({ refused: explain?.(error) ?? problemText(error) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      shape={shape}
      open={open}
      onOpenChange={onOpenChange}
      dismissible={!busy}
      title={title}
      description={description}
      footer={
        <>
          <Button variant="secondary" onClick={() => onOpenChange(false)} disabled={busy}>
            {common("cancel")}
          </Button>
          <Button
            type="submit"
            form={`${id}-form`}
            variant={danger ? "danger" : "primary"}
            busy={busy}
            disabled={incomplete}
          >
            {act}
          </Button>
        </>
      }
    >
      <form id={`${id}-form`} onSubmit={submit} noValidate className="grid gap-4">
        {children}
        <Field id={`${id}-reason`} label={t("reason")} hint={t("reasonHint")} error={wrong.reason}>
          <Textarea
            rows={2}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            className="min-h-16"
            {...describedBy(`${id}-reason`, { hint: true, error: wrong.reason })}
          />
        </Field>
        <FieldError id={`${id}-refused`} error={wrong.refused} />
      </form>
    </Dialog>
  );
}
