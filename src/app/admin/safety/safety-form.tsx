"use client";

import { useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { SafetyJson } from "#api/contract";
import { readWhole } from "#format";
import { api, Problem } from "#ui/api";
import { ActDialog } from "#ui/office/act-dialog";
import { Button } from "#ui/primitives/button";
import { Card, CardHeader } from "#ui/primitives/card";
import { describedBy, Field } from "#ui/primitives/field";
import { Input, Textarea } from "#ui/primitives/input";
import { Select } from "#ui/primitives/select";
import { toast } from "#ui/primitives/toast";
import { Switch } from "#ui/primitives/toggle";
import { useFormat } from "#ui/use-format";
import { safetyQuery } from "./safety-query";
import { TryWords } from "./try-words";

type Values = Pick<SafetyJson, "words" | "asksModel" | "withoutVerdict"> & { verdictSeconds: string };

const outcomes = ["pass", "refuse"] as const;

/** The list of words, and how a moderation model is asked. */
export function SafetyForm({ rules, mayChange }: { rules: SafetyJson; mayChange: boolean }) {
  const t = useTranslations("officeSafety");
  const common = useTranslations("common");
  const format = useFormat();
  const id = useId();
  const [values, setValues] = useState<Values>(() => ({
    ...rules,
    verdictSeconds: `${rules.verdictSeconds}`,
  }));
  const [saving, setSaving] = useState(false);
  const set = (change: Partial<Values>) => setValues({ ...values, ...change });
  const lines = values.words.split("\n").filter((line) => line.trim() !== "").length;
  const seconds = readWhole(values.verdictSeconds) ?? 0;
  const wrong = seconds >= 1 && seconds <= 30 ? undefined : t("verdictSecondsWrong");
  const changed =
    values.words !== rules.words ||
    values.asksModel !== rules.asksModel ||
    values.withoutVerdict !== rules.withoutVerdict ||
    seconds !== rules.verdictSeconds;
  return (
    <Card aria-labelledby={`${id}-title`}>
      <CardHeader id={`${id}-title`} title={t("rules")} hint={t("rulesHint")} />
      <fieldset disabled={!mayChange} className="grid gap-5 border-t border-line px-4 py-4 sm:px-5">
        <Field
          id={`${id}-words`}
          label={t("words")}
          hint={t("wordsHint")}
          aside={t("lines", { count: lines, number: format.integer(lines) })}
        >
          <Textarea
            rows={10}
            spellCheck={false}
            value={values.words}
            onChange={({ target }) => set({ words: target.value })}
            className="font-mono text-13"
            {...describedBy(`${id}-words`, { hint: true })}
          />
        </Field>
        {mayChange && <TryWords words={values.words} />}
        <Switch
          id={`${id}-model`}
          label={t("asksModel")}
          hint={
            rules.hasModel
              ? t("asksModelHint")
              : t.rich("noModel", {
                  link: (text) => (
                    <Link href="/admin/models" className="underline underline-offset-4">
                      {text}
                    </Link>
                  ),
                })
          }
          checked={values.asksModel}
          onCheckedChange={(asksModel) => set({ asksModel })}
        />
        <div className="grid items-start gap-5 sm:grid-cols-2">
          <Field id={`${id}-without`} label={t("withoutVerdict")} hint={t("withoutVerdictHint")}>
            <Select
              value={values.withoutVerdict}
              onChange={({ target }) =>
                set({ withoutVerdict: outcomes.find((one) => one === target.value) ?? "pass" })
              }
              options={outcomes.map((value) => ({ value, label: t(`outcome.${value}`) }))}
              {...describedBy(`${id}-without`, { hint: true })}
            />
          </Field>
          <Field
            id={`${id}-seconds`}
            label={t("verdictSeconds")}
            hint={t("verdictSecondsHint")}
            error={wrong}
          >
            <Input
              inputMode="numeric"
              value={values.verdictSeconds}
              onChange={({ target }) => set({ verdictSeconds: target.value })}
              {...describedBy(`${id}-seconds`, { hint: true, error: wrong })}
            />
          </Field>
        </div>
      </fieldset>
      {mayChange && (
        <footer className="flex justify-end gap-2 border-t border-line px-4 py-3 sm:px-5">
          <Button disabled={!changed || wrong !== undefined} onClick={() => setSaving(true)}>
            {common("save")}
          </Button>
        </footer>
      )}
      <SaveDialog
        open={saving}
        onOpenChange={setSaving}
        wish={{ ...values, verdictSeconds: seconds, version: rules.version }}
      />
    </Card>
  );
}

type SaveDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  wish: Pick<SafetyJson, "words" | "asksModel" | "withoutVerdict" | "verdictSeconds" | "version">;
};

function SaveDialog({ open, onOpenChange, wish }: SaveDialogProps) {
  const t = useTranslations("officeSafety");
  const common = useTranslations("common");
  const queries = useQueryClient();
  const { words, asksModel, withoutVerdict, verdictSeconds, version } = wish;
  const save = async (reason: string) => {
    const body = { words, asksModel, withoutVerdict, verdictSeconds, version, reason };
    queries.setQueryData(safetyQuery.queryKey, await api.put<SafetyJson>("/admin/safety", body));
    toast.done(t("saved"));
  };
  const explain = (error: unknown) => {
    if (!(error instanceof Problem)) return null;
    if (error.code === "draft_stale") return t("stale");
    return error.errors[0]?.message ?? null;
  };
  return (
    <ActDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("saveTitle")}
      description={t("saveText")}
      act={common("save")}
      onAct={save}
      explain={explain}
    >
      {null}
    </ActDialog>
  );
}
