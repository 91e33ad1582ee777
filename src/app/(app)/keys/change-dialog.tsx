"use client";

import { useTranslations } from "next-intl";
import { useId } from "react";
import { useForm } from "react-hook-form";
import type { KeyJson } from "#api/contract";
import { readWhole } from "#format";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { describedBy, Field, FieldError } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { toast } from "#ui/primitives/toast";
import { useFormat } from "#ui/use-format";
import { useCapRules } from "./cap-rules";
import { useKeyProblem } from "./key-problem";
import { useKeyAct } from "./keys-query";

type ChangeDialogProps = { target: KeyJson | null; onClose: () => void };

/** Renames a key and changes its cap; what it may do stays, for that is what its users rely on. */
export function ChangeDialog({ target, onClose }: ChangeDialogProps) {
  return target && <Form key={target.id} apiKey={target} onClose={onClose} />;
}

function Form({ apiKey, onClose }: { apiKey: KeyJson; onClose: () => void }) {
  const t = useTranslations("keys.form");
  const id = useId();
  const format = useFormat();
  const problemOf = useKeyProblem();
  const capRules = useCapRules();
  const cap = apiKey.cap === null ? "" : `${apiKey.cap}`;
  const form = useForm({ defaultValues: { name: apiKey.name, cap } });
  const { errors } = form.formState;
  const change = useKeyAct((body: { name: string; cap: number | null }) =>
    api.patch<KeyJson>(`/keys/${apiKey.id}`, body),
  );
  const submit = form.handleSubmit((values) => {
    const body = { name: values.name.trim(), cap: readWhole(values.cap) };
    change.mutate(body, {
      onSuccess: ({ name }) => {
        toast.done(t("saved", { name }));
        onClose();
      },
    });
  });
  const least = (apiKey.used?.spent ?? 0) + (apiKey.used?.held ?? 0);
  const nameError = errors.name?.message;
  const capError = errors.cap?.message;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("changeTitle")}
      footer={
        <>
          <Button variant="secondary" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" form={id} busy={change.isPending}>
            {t("save")}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="grid gap-5">
        <Field id={`${id}-name`} label={t("name")} error={nameError}>
          <Input
            {...form.register("name", {
              validate: (name) => (name.trim().length > 0 && name.trim().length <= 64) || t("nameWrong"),
            })}
            {...describedBy(`${id}-name`, { error: nameError })}
            data-autofocus
            autoComplete="off"
          />
        </Field>
        <Field
          id={`${id}-cap`}
          label={t("cap")}
          optional
          hint={least > 0 ? t("capUsed", { credits: format.credits(least) }) : t("capHint")}
          error={capError}
        >
          <Input
            {...form.register("cap", capRules(Math.max(1, least)))}
            {...describedBy(`${id}-cap`, { hint: true, error: capError })}
            inputMode="numeric"
            placeholder={t("capPlaceholder")}
            autoComplete="off"
            className="num"
          />
        </Field>
        <FieldError id={id} error={change.error ? problemOf(change.error) : undefined} />
      </form>
    </Dialog>
  );
}
