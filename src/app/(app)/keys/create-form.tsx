"use client";

import { useTranslations } from "next-intl";
import { useId, useMemo, useState } from "react";
import { useForm } from "react-hook-form";
import { readWhole } from "#format";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { describedBy, Field, FieldError } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { Select } from "#ui/primitives/select";
import { useFormat } from "#ui/use-format";
import { useCapRules } from "./cap-rules";
import { useKeyProblem } from "./key-problem";
import type { NewKey } from "./keys-query";
import { type KeyKind, presetsOf, type Scope } from "./presets";
import { ScopeChoice } from "./scope-choice";

/** Days until a key ends; "" for never. */
const lifetimes = ["", "7", "30", "90", "365"] as const;
const dayMs = 24 * 3600 * 1000;

type CreateFormProps = {
  kind: KeyKind;
  open: boolean;
  onClose: () => void;
  /** Why the last try failed. */
  error: unknown;
  onCreate: (key: NewKey) => Promise<void>;
};

type Values = { name: string; cap: string; days: string };

/** Name, what the key may do, its cap and its end. */
export function CreateForm({ kind, open, onClose, error, onCreate }: CreateFormProps) {
  const t = useTranslations("keys.form");
  const id = useId();
  const format = useFormat();
  const problemOf = useKeyProblem();
  const capRules = useCapRules();
  const [scopes, setScopes] = useState<readonly Scope[]>(presetsOf(kind)[0]?.scopes ?? []);
  const form = useForm<Values>({ defaultValues: { name: "", cap: "", days: "" } });
  const { errors, isSubmitting } = form.formState;
  const days = Number(form.watch("days"));
  // The same end however often it is sent: a repeated request must say the same.
  const endAt = useMemo(() => (days > 0 ? new Date(Date.now() + days * dayMs) : null), [days]);
  const submit = form.handleSubmit(({ name, cap }) => {
    if (scopes.length === 0) return;
    const wanted = {
      kind,
      name: name.trim(),
      scopes,
      cap: readWhole(cap),
      expiresAt: endAt?.toISOString() ?? null,
    };
    // What went wrong comes back as `error`.
    return onCreate(wanted).then(
      () => form.reset(),
      () => undefined,
    );
  });
  const nameError = errors.name?.message;
  const capError = errors.cap?.message;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t(`title.${kind}`)}
      className="max-w-lg"
      footer={
        <>
          <Button variant="secondary" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" form={id} busy={isSubmitting}>
            {t("create")}
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
            placeholder={t(`namePlaceholder.${kind}`)}
            autoComplete="off"
          />
        </Field>
        <ScopeChoice kind={kind} scopes={scopes} onChange={setScopes} />
        <div className="grid items-start gap-5 sm:grid-cols-2">
          <Field id={`${id}-cap`} label={t("cap")} optional hint={t("capHint")} error={capError}>
            <Input
              {...form.register("cap", capRules(1))}
              {...describedBy(`${id}-cap`, { hint: true, error: capError })}
              inputMode="numeric"
              placeholder={t("capPlaceholder")}
              autoComplete="off"
              className="num"
            />
          </Field>
          <Field
            id={`${id}-days`}
            label={t("expiry")}
            hint={endAt ? t("expiryHint", { date: format.date(endAt) }) : t("neverHint")}
          >
            <Select
              {...form.register("days")}
              {...describedBy(`${id}-days`, { hint: true })}
              options={lifetimes.map((value) => ({
                value,
                label: value === "" ? t("never") : t("days", { count: Number(value) }),
              }))}
            />
          </Field>
        </div>
        <FieldError id={id} error={error ? problemOf(error) : undefined} />
      </form>
    </Dialog>
  );
}
