"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { FlagJson } from "#api/contract";
import { planIds } from "#billing/catalogue";
import { readWhole } from "#format";
import { api, Problem } from "#ui/api";
import { useIntention } from "#ui/intention";
import { ActDialog } from "#ui/office/act-dialog";
import { TextField } from "#ui/office/text-field";
import { describedBy, Field } from "#ui/primitives/field";
import { Textarea } from "#ui/primitives/input";
import { Select } from "#ui/primitives/select";
import { toast } from "#ui/primitives/toast";
import { Checkbox } from "#ui/primitives/toggle";

const states = ["off", "on", "rules"] as const;

type FlagDialogProps = {
  /** Null: a new one. */
  flag: FlagJson | null;
  onClose: () => void;
};

/** Whom a feature is on for. */
export function FlagDialog({ flag, onClose }: FlagDialogProps) {
  const t = useTranslations("officeFlags");
  const plans = useTranslations("pricing.plan");
  const queries = useQueryClient();
  const intention = useIntention();
  const id = useId();
  const [form, setForm] = useState(() => formOf(flag));
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const key = form.key.trim();
  const isKey = /^[a-z][a-z0-9-]{1,49}$/.test(key);
  const percent = readWhole(form.percent);
  const isPercent = percent !== null && percent <= 100;
  const save = async (reason: string) => {
    const people = form.people.split(/[\s,;]+/).filter((one) => one !== "");
    const body = { text: form.text.trim(), state: form.state, plans: form.plans, percent, people, reason };
    await api.put(`/admin/flags/${key}`, body, { idempotencyKey: intention.keyFor({ key, ...body }) });
    intention.done();
    toast.done(t("saved", { key }));
    await queries.invalidateQueries({ queryKey: ["office", "flags"] });
  };
  return (
    <ActDialog
      shape="sheet"
      open
      onOpenChange={(open) => !open && onClose()}
      title={flag ? t("editTitle", { key: flag.key }) : t("newTitle")}
      act={t("act")}
      incomplete={!isKey || !isPercent}
      onAct={save}
      explain={(error) => {
        const people = error instanceof Problem ? error.errors.find(({ path }) => path === "people") : null;
        return people ? t("unknown", { message: people.message.replace(/^nobody here: /, "") }) : null;
      }}
    >
      {!flag && (
        <TextField
          id={`${id}-key`}
          label={t("key")}
          hint={t("keyHint")}
          error={key !== "" && !isKey ? t("keyWrong") : undefined}
          maxLength={50}
          className="font-mono"
          placeholder="new-editor"
          value={form.key}
          onText={(text) => set({ key: text })}
        />
      )}
      <TextField
        id={`${id}-text`}
        label={t("about")}
        error={undefined}
        optional
        maxLength={200}
        value={form.text}
        onText={(text) => set({ text })}
      />
      <Field id={`${id}-state`} label={t("state")}>
        <Select
          id={`${id}-state`}
          value={form.state}
          onChange={({ target }) => set({ state: states.find((one) => one === target.value) ?? "off" })}
          options={states.map((value) => ({ value, label: t(value) }))}
        />
      </Field>
      {form.state === "rules" && (
        <>
          <fieldset className="grid gap-2" aria-describedby={`${id}-plans-hint`}>
            <legend className="pb-1.5 text-13 font-medium text-text">{t("plans")}</legend>
            <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
              {planIds.map((plan) => (
                <Checkbox
                  key={plan}
                  id={`${id}-${plan}`}
                  label={plans(plan)}
                  checked={form.plans.includes(plan)}
                  onCheckedChange={(isIn) =>
                    set({
                      plans: isIn === true ? [...form.plans, plan] : form.plans.filter((one) => one !== plan),
                    })
                  }
                />
              ))}
            </div>
            <p id={`${id}-plans-hint`} className="text-13 text-text-3">
              {t("plansHint")}
            </p>
          </fieldset>
          <TextField
            id={`${id}-percent`}
            label={t("percent")}
            hint={t("percentHint")}
            error={isPercent ? undefined : t("percentWrong")}
            inputMode="numeric"
            className="num"
            value={form.percent}
            onText={(text) => set({ percent: text })}
          />
          <Field id={`${id}-people`} label={t("people")} optional hint={t("peopleHint")}>
            <Textarea
              rows={3}
              value={form.people}
              onChange={({ target }) => set({ people: target.value })}
              {...describedBy(`${id}-people`, { hint: true })}
            />
          </Field>
        </>
      )}
    </ActDialog>
  );
}

function formOf(flag: FlagJson | null) {
  return {
    key: flag?.key ?? "",
    text: flag?.text ?? "",
    state: flag?.state ?? ("off" as const),
    plans: flag?.plans ?? [],
    percent: `${flag?.percent ?? 100}`,
    people: flag?.people.join("\n") ?? "",
  };
}
