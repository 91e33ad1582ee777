"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useId, useState } from "react";
import type { ViewJson } from "#api/contract";
import { api, Problem } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { describedBy, Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { toast } from "#ui/primitives/toast";
import { Checkbox } from "#ui/primitives/toggle";
import { useProblemText } from "#ui/problem-text";
import { viewsQuery } from "./segment-filter";

type ViewDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The view to rename; null: what is filtered by now becomes one. */
  view: ViewJson | null;
  filter: Record<string, string>;
};

/** Names a view. */
export function ViewDialog({ open, onOpenChange, view, filter }: ViewDialogProps) {
  const t = useTranslations("officeCustomers.views");
  const common = useTranslations("common");
  const problemText = useProblemText();
  const queries = useQueryClient();
  const id = useId();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!open) return;
    setName(view?.name ?? "");
    setShared(view?.shared ?? false);
    setError(undefined);
  }, [open, view]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return setError(t("nameMissing"));
    setBusy(true);
    try {
      const body = { name: name.trim(), shared };
      if (view) await api.patch(`/admin/customer-views/${view.id}`, body);
      else await api.post("/admin/customer-views", { ...body, filter });
      await queries.invalidateQueries({ queryKey: viewsQuery.queryKey });
      toast.done(t("saved", { name: body.name }));
      onOpenChange(false);
    } catch (wrong) {
      const taken = wrong instanceof Problem && wrong.errors.some(({ path }) => path === "name");
      setError(taken ? t("nameTaken") : problemText(wrong));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      dismissible={!busy}
      title={t(view ? "renameTitle" : "saveTitle")}
      description={t("text")}
      footer={
        <>
          <Button variant="secondary" onClick={() => onOpenChange(false)} disabled={busy}>
            {common("cancel")}
          </Button>
          <Button type="submit" form={`${id}-form`} busy={busy}>
            {t("act")}
          </Button>
        </>
      }
    >
      <form id={`${id}-form`} onSubmit={submit} noValidate className="grid gap-4">
        <Field id={`${id}-name`} label={t("name")} error={error}>
          <Input
            maxLength={60}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
            {...describedBy(`${id}-name`, { error })}
          />
        </Field>
        <Checkbox
          id={`${id}-shared`}
          label={t("sharedLabel")}
          hint={t("sharedHint")}
          checked={shared}
          onCheckedChange={(checked) => setShared(checked === true)}
        />
      </form>
    </Dialog>
  );
}
