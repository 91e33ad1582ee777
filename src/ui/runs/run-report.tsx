"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Flag } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import type { ReportJson } from "#api/contract";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { describedBy, Field, FieldError } from "#ui/primitives/field";
import { Textarea } from "#ui/primitives/input";
import { Select } from "#ui/primitives/select";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";
import type { Run } from "./run";

const reasons = ["illegal", "violence", "sexual", "hate", "personal", "wrong", "other"] as const;
type Reason = (typeof reasons)[number];

const keyOf = (id: string) => ["report", id];

/** Tells the operator of a result that should not be; afterwards, that it was received. */
export function RunReport({ run: { id } }: { run: Run }) {
  const t = useTranslations("runs.report");
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const { data } = useQuery({
    queryKey: keyOf(id),
    queryFn: ({ signal }) => api.get<{ report: ReportJson | null }>(`/runs/${id}/report`, { signal }),
  });
  if (data?.report) {
    const { createdAt, decided } = data.report;
    return (
      <p className="inline-flex items-center gap-1.5 text-12 text-text-3" data-testid="reported">
        <Flag aria-hidden="true" className="size-3.5" strokeWidth={1.75} />
        {t(decided ? "decided" : "received", { date: format.date(createdAt) })}
      </p>
    );
  }
  return (
    <>
      <Button variant="quiet" size="sm" onClick={() => setOpen(true)}>
        <Flag aria-hidden="true" strokeWidth={1.75} />
        {t("act")}
      </Button>
      {open && <ReportDialog id={id} onClose={() => setOpen(false)} />}
    </>
  );
}

function ReportDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations("runs.report");
  const common = useTranslations("common");
  const problemText = useProblemText();
  const queries = useQueryClient();
  const form = useId();
  const [reason, setReason] = useState<Reason | null>(null);
  const [missing, setMissing] = useState(false);
  const [words, setWords] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!reason) return setMissing(true);
    setBusy(true);
    setRefused(undefined);
    try {
      const report = await api.post<ReportJson>(`/runs/${id}/report`, { reason, words });
      queries.setQueryData(keyOf(id), { report });
      toast.done(t("sent"));
      onClose();
    } catch (error) {
      setRefused(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      dismissible={!busy}
      title={t("title")}
      description={t("text")}
      footer={
        <>
          <Button variant="secondary" onClick={onClose} disabled={busy}>
            {common("cancel")}
          </Button>
          <Button type="submit" form={form} busy={busy}>
            {t("send")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void send(event)} noValidate className="grid gap-4">
        <Field
          id={`${form}-reason`}
          label={t("reasonLabel")}
          error={missing && !reason ? t("reasonMissing") : undefined}
        >
          <Select
            {...describedBy(`${form}-reason`, { error: missing && !reason ? t("reasonMissing") : undefined })}
            value={reason ?? ""}
            onChange={({ target }) => setReason(reasons.find((one) => one === target.value) ?? null)}
            options={[
              { value: "", label: t("choose") },
              ...reasons.map((value) => ({ value, label: t(`reason.${value}`) })),
            ]}
          />
        </Field>
        <Field id={`${form}-words`} label={t("words")} optional>
          <Textarea
            id={`${form}-words`}
            rows={4}
            maxLength={1000}
            value={words}
            onChange={({ target }) => setWords(target.value)}
          />
        </Field>
        <FieldError id={`${form}-refused`} error={refused} />
      </form>
    </Dialog>
  );
}
