"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import type { ModelJson, ProviderJson } from "#api/contract";
import { api, Problem } from "#ui/api";
import { TextField } from "#ui/office/text-field";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { Field, FieldError } from "#ui/primitives/field";
import { Select } from "#ui/primitives/select";
import { toast } from "#ui/primitives/toast";
import { Switch } from "#ui/primitives/toggle";
import { useProblemText } from "#ui/problem-text";
import { queryKeys } from "#ui/query-keys";
import { dollarsOf, microsOf, wholeOf } from "./cost";

const kinds = ["text", "image", "moderation"] as const;

type ModelDialogProps = {
  onOpenChange: (open: boolean) => void;
  providers: readonly ProviderJson[];
  /** Null: a new one. */
  model: ModelJson | null;
};

type Values = {
  providerId: string;
  name: string;
  label: string;
  kind: ModelJson["kind"];
  inputCost: string;
  outputCost: string;
  imageCost: string;
  contextTokens: string;
  enabled: boolean;
};

const costNames = ["inputCost", "outputCost", "imageCost"] as const;

/** What a model is called, what it does, and what it costs. */
export function ModelDialog({ open, ...props }: ModelDialogProps & { open: boolean }) {
  // Mounted as it opens: it begins with what is stored, and keeps what is typed while the list is fetched anew.
  return open && <ModelSheet {...props} />;
}

function ModelSheet({ onOpenChange, providers, model }: ModelDialogProps) {
  const t = useTranslations("officeModels");
  const common = useTranslations("common");
  const problemText = useProblemText();
  const queries = useQueryClient();
  const id = useId();
  const [values, setValues] = useState<Values>(() => valuesOf(model, providers));
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map());
  const [refused, setRefused] = useState<string>();
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<Values>) => setValues({ ...values, ...change });
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = costNames
      .filter((name) => Number.isNaN(microsOf(values[name]) ?? 0))
      .map((name): [string, string] => [name, t("field.costWrong")]);
    if (Number.isNaN(wholeOf(values.contextTokens) ?? 0)) wrong.push(["contextTokens", common("wholeWrong")]);
    if (wrong.length > 0) return setFaults(new Map(wrong));
    setFaults(new Map());
    setRefused(undefined);
    setBusy(true);
    try {
      if (model) await api.patch(`/admin/models/${model.id}`, bodyOf(values));
      else await api.post(`/admin/providers/${values.providerId}/models`, bodyOf(values));
      await queries.invalidateQueries({ queryKey: queryKeys.providers });
      toast.done(t(model ? "changed" : "added", { name: values.label.trim() || values.name.trim() }));
      onOpenChange(false);
    } catch (error) {
      const errors = error instanceof Problem ? error.errors : [];
      // A label that was left out is the name: what is wrong with it is said there.
      const told = errors.filter(({ path }) => path !== "label" || values.label.trim() !== "");
      setFaults(new Map(told.map(({ path, message }) => [path, message])));
      if (errors.length === 0) setRefused(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  const field = (name: "name" | "label" | "contextTokens" | (typeof costNames)[number]) => ({
    ...{ id: `${id}-${name}`, label: t(`field.model.${name}`), error: faults.get(name) },
    ...{ optional: name !== "name", value: values[name], onText: (text: string) => set({ [name]: text }) },
  });
  return (
    <Dialog
      shape="sheet"
      open
      onOpenChange={onOpenChange}
      dismissible={!busy}
      title={t(model ? "editModel" : "addModel")}
      description={t("modelText")}
      footer={
        <>
          <Button variant="secondary" onClick={() => onOpenChange(false)} disabled={busy}>
            {common("cancel")}
          </Button>
          <Button type="submit" form={`${id}-form`} busy={busy}>
            {common("save")}
          </Button>
        </>
      }
    >
      <form id={`${id}-form`} onSubmit={(event) => void save(event)} noValidate className="grid gap-4">
        {!model && (
          <Field id={`${id}-provider`} label={t("field.model.provider")}>
            <Select
              id={`${id}-provider`}
              value={values.providerId}
              onChange={({ target }) => set({ providerId: target.value })}
              options={providers.map((provider) => ({ value: provider.id, label: provider.name }))}
            />
          </Field>
        )}
        <TextField {...field("name")} hint={t("field.model.nameHint")} />
        <TextField {...field("label")} hint={t("field.model.labelHint")} />
        <Field id={`${id}-kind`} label={t("column.kind")}>
          <Select
            id={`${id}-kind`}
            value={values.kind}
            onChange={({ target }) => set({ kind: kinds.find((kind) => kind === target.value) ?? "text" })}
            options={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
          />
        </Field>
        {values.kind === "image" ? (
          <TextField {...field("imageCost")} inputMode="decimal" />
        ) : (
          <>
            <div className="grid grid-cols-2 items-start gap-4">
              <TextField {...field("inputCost")} inputMode="decimal" />
              <TextField {...field("outputCost")} inputMode="decimal" />
            </div>
            <TextField {...field("contextTokens")} inputMode="decimal" />
          </>
        )}
        <p className="text-13 text-text-3">{t("field.costHint")}</p>
        <Switch
          id={`${id}-enabled`}
          label={t("field.enabled")}
          hint={t("field.model.enabledHint")}
          checked={values.enabled}
          onCheckedChange={(enabled) => set({ enabled })}
        />
        <FieldError id={`${id}-refused`} error={refused} />
      </form>
    </Dialog>
  );
}

function valuesOf(model: ModelJson | null, providers: readonly ProviderJson[]): Values {
  return {
    ...{ providerId: providers[0]?.id ?? "", name: model?.name ?? "", label: model?.label ?? "" },
    ...{ kind: model?.kind ?? "text", enabled: model?.enabled ?? true },
    inputCost: dollarsOf(model?.inputCost ?? null),
    outputCost: dollarsOf(model?.outputCost ?? null),
    imageCost: dollarsOf(model?.imageCost ?? null),
    contextTokens: model?.contextTokens ? `${model.contextTokens}` : "",
  };
}

function bodyOf({ name, label, kind, contextTokens, enabled, ...costs }: Values) {
  const image = kind === "image";
  return {
    ...{ name, label: label.trim() || name.trim(), kind, enabled },
    inputCost: image ? null : microsOf(costs.inputCost),
    outputCost: image ? null : microsOf(costs.outputCost),
    imageCost: image ? microsOf(costs.imageCost) : null,
    contextTokens: wholeOf(contextTokens),
  };
}
