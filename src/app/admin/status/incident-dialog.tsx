"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useId, useState } from "react";
import type { IncidentJson } from "#api/contract";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { Field, FieldError } from "#ui/primitives/field";
import { Input, Textarea } from "#ui/primitives/input";
import { Select } from "#ui/primitives/select";
import { useProblemText } from "#ui/problem-text";

const states = ["investigating", "identified", "monitoring", "resolved"] as const;
const parts = ["web", "api", "worker", "payments", "mail"] as const;

const blank = { part: "", titleEn: "", titleZh: "", state: "investigating", textEn: "", textZh: "" };

type IncidentDialogProps = {
  /** Which one is told more of; a new one; none. */
  incident: IncidentJson | "new" | null;
  onClose: (said: boolean) => void;
};

/** What customers will read at once, in both languages. */
export function IncidentDialog({ incident, onClose }: IncidentDialogProps) {
  const t = useTranslations("officeStatus");
  const status = useTranslations("status");
  const common = useTranslations("common");
  const problemText = useProblemText();
  const id = useId();
  const [said, setSaid] = useState(blank);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const isNew = incident === "new";
  useEffect(() => {
    if (incident === null) return;
    setSaid(blank);
    setRefused(undefined);
  }, [incident]);
  const set = (name: keyof typeof blank) => (event: { target: { value: string } }) =>
    setSaid((before) => ({ ...before, [name]: event.target.value }));
  const missing = !said.textEn.trim() || !said.textZh.trim() || (isNew && (!said.titleEn || !said.titleZh));

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (incident === null) return;
    setBusy(true);
    setRefused(undefined);
    const update = { state: said.state, text: { en: said.textEn, zh: said.textZh } };
    try {
      if (incident === "new") {
        const title = { en: said.titleEn, zh: said.titleZh };
        await api.post("/admin/incidents", { part: said.part || null, title, ...update });
      } else await api.post(`/admin/incidents/${incident.id}/updates`, update);
      onClose(true);
    } catch (error) {
      setRefused(problemText(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      shape="sheet"
      open={incident !== null}
      onOpenChange={(open) => !open && onClose(false)}
      dismissible={!busy}
      title={t(isNew ? "open" : "tell")}
      description={t("public")}
      footer={
        <>
          <Button variant="secondary" onClick={() => onClose(false)} disabled={busy}>
            {common("cancel")}
          </Button>
          <Button type="submit" form={`${id}-form`} busy={busy} disabled={missing}>
            {t("publish")}
          </Button>
        </>
      }
    >
      <form id={`${id}-form`} onSubmit={submit} noValidate className="grid gap-4">
        {isNew && (
          <>
            <Field id={`${id}-part`} label={t("part")}>
              <Select
                id={`${id}-part`}
                value={said.part}
                onChange={set("part")}
                options={[
                  { value: "", label: status("site") },
                  ...parts.map((value) => ({ value, label: status(`part.${value}`) })),
                ]}
              />
            </Field>
            <Field id={`${id}-title-en`} label={t("titleEn")}>
              <Input id={`${id}-title-en`} maxLength={120} value={said.titleEn} onChange={set("titleEn")} />
            </Field>
            <Field id={`${id}-title-zh`} label={t("titleZh")}>
              <Input id={`${id}-title-zh`} maxLength={120} value={said.titleZh} onChange={set("titleZh")} />
            </Field>
          </>
        )}
        <Field id={`${id}-state`} label={t("state")}>
          <Select
            id={`${id}-state`}
            value={said.state}
            onChange={set("state")}
            options={states.map((value) => ({ value, label: status(`state.${value}`) }))}
          />
        </Field>
        <Field id={`${id}-en`} label={t("textEn")}>
          <Textarea id={`${id}-en`} rows={3} maxLength={1000} value={said.textEn} onChange={set("textEn")} />
        </Field>
        <Field id={`${id}-zh`} label={t("textZh")}>
          <Textarea id={`${id}-zh`} rows={3} maxLength={1000} value={said.textZh} onChange={set("textZh")} />
        </Field>
        <FieldError id={`${id}-refused`} error={refused} />
      </form>
    </Dialog>
  );
}
