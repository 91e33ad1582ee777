"use client";

import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { WelcomeRulesJson } from "#api/contract";
import { readWhole } from "#format";
import { api, Problem } from "#ui/api";
import { ActDialog } from "#ui/office/act-dialog";
import { Button } from "#ui/primitives/button";
import { Card, CardHeader } from "#ui/primitives/card";
import { describedBy, Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { Skeleton } from "#ui/primitives/skeleton";
import { toast } from "#ui/primitives/toast";
import { Switch } from "#ui/primitives/toggle";
import { QueryState } from "#ui/state/query-state";

const rulesQuery = queryOptions({
  queryKey: ["office", "welcomes", "rules"],
  queryFn: ({ signal }) => api.get<WelcomeRulesJson>("/admin/welcomes/rules", { signal }),
});

/** How many of what are too many. */
export function RulesCard({ mayDecide, development }: { mayDecide: boolean; development: boolean }) {
  const t = useTranslations("officeWelcomes");
  const rules = useQuery(rulesQuery);
  return (
    <Card aria-labelledby="welcome-rules">
      <CardHeader
        id="welcome-rules"
        title={t("rules.title")}
        hint={t(development ? "rules.hintDevelopment" : "rules.hint")}
      />
      <QueryState query={rules} failure={t("failure")} skeleton={<Skeleton className="m-4 h-72" />}>
        {(found) => <RulesForm key={found.version} rules={found} mayDecide={mayDecide} />}
      </QueryState>
    </Card>
  );
}

const counts = ["perNetwork", "perDomain", "hourLeast", "hourFactor"] as const;
const hinted = ["perNetwork", "perDomain", "hourLeast"] as const;

/** 0 for what is none, which no rule may be. */
function countOf(text: string): number {
  const count = readWhole(text) ?? 0;
  return count <= 999_999 ? count : 0;
}

function RulesForm({ rules, mayDecide }: { rules: WelcomeRulesJson; mayDecide: boolean }) {
  const t = useTranslations("officeWelcomes.rules");
  const id = useId();
  const [values, setValues] = useState(() => ({
    perNetwork: `${rules.perNetwork}`,
    perDomain: `${rules.perDomain}`,
    hourLeast: `${rules.hourLeast}`,
    hourFactor: `${rules.hourFactor}`,
    disposable: rules.disposable,
  }));
  const [saving, setSaving] = useState(false);
  const wrong = (name: (typeof counts)[number]) => (countOf(values[name]) > 0 ? undefined : t("wrong"));
  const changed =
    values.disposable !== rules.disposable || counts.some((name) => countOf(values[name]) !== rules[name]);
  const wish = {
    perNetwork: countOf(values.perNetwork),
    perDomain: countOf(values.perDomain),
    hourLeast: countOf(values.hourLeast),
    hourFactor: countOf(values.hourFactor),
    disposable: values.disposable,
    version: rules.version,
  };
  return (
    <>
      <fieldset disabled={!mayDecide} className="grid gap-4 border-t border-line px-4 py-4 sm:px-5">
        {counts.map((name) => {
          const hint = hinted.find((one) => one === name);
          const error = wrong(name);
          return (
            <Field
              key={name}
              id={`${id}-${name}`}
              label={t(name)}
              hint={hint && t(`${hint}Hint`)}
              error={error}
            >
              <Input
                inputMode="numeric"
                value={values[name]}
                onChange={({ target }) => setValues({ ...values, [name]: target.value })}
                {...describedBy(`${id}-${name}`, { hint: hint !== undefined, error })}
              />
            </Field>
          );
        })}
        <Switch
          id={`${id}-disposable`}
          label={t("disposable")}
          hint={t("disposableHint")}
          checked={values.disposable}
          onCheckedChange={(disposable) => setValues({ ...values, disposable })}
        />
      </fieldset>
      {mayDecide && (
        <footer className="flex justify-end border-t border-line px-4 py-3 sm:px-5">
          <Button disabled={!changed || counts.some(wrong)} onClick={() => setSaving(true)}>
            {t("save")}
          </Button>
        </footer>
      )}
      <SaveDialog open={saving} onOpenChange={setSaving} wish={wish} />
    </>
  );
}

type SaveDialogProps = { open: boolean; onOpenChange: (open: boolean) => void; wish: WelcomeRulesJson };

function SaveDialog({ open, onOpenChange, wish }: SaveDialogProps) {
  const t = useTranslations("officeWelcomes.rules");
  const queries = useQueryClient();
  const save = async (reason: string) => {
    const changed = await api.put<WelcomeRulesJson>("/admin/welcomes/rules", { ...wish, reason });
    queries.setQueryData(rulesQuery.queryKey, changed);
    toast.done(t("saved"));
  };
  return (
    <ActDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("saveTitle")}
      description={t("saveText")}
      act={t("save")}
      onAct={save}
      explain={(error) => (error instanceof Problem && error.code === "draft_stale" ? t("stale") : null)}
    >
      {null}
    </ActDialog>
  );
}
