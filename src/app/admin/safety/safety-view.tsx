"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { SafetyJson } from "#api/contract";
import { Card } from "#ui/primitives/card";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { useFormat } from "#ui/use-format";
import { SafetyForm } from "./safety-form";
import { safetyQuery } from "./safety-query";

/** The rules, to be changed by whoever may, beside how often they refused. */
export function SafetyView({ mayChange }: { mayChange: boolean }) {
  const t = useTranslations("officeSafety");
  const safety = useQuery(safetyQuery);
  return (
    <QueryState query={safety} failure={t("failure")} skeleton={<Skeleton className="h-96 w-full" />}>
      {(rules) => (
        <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_18rem]">
          {/* Anew with each version, so that the form begins with what somebody else has saved. */}
          <SafetyForm key={rules.version} rules={rules} mayChange={mayChange} />
          <SafetyFigures rules={rules} />
        </div>
      )}
    </QueryState>
  );
}

function SafetyFigures({ rules: { refused, missing } }: { rules: SafetyJson }) {
  const t = useTranslations("officeSafety.figures");
  const format = useFormat();
  const lines = [
    ["input", refused.input],
    ["output", refused.output],
    ["byWords", refused.byWords],
    ["byModel", refused.byModel],
    ["unjudged", refused.unjudged],
    ["passed", missing.pass],
  ] as const;
  return (
    <Card aria-labelledby="safety-figures" className="px-4 py-3 sm:px-5">
      <h2 id="safety-figures" className="text-14 font-semibold text-text">
        {t("title")}
      </h2>
      <dl className="mt-2 grid gap-2 text-13">
        {lines.map(([name, count]) => (
          <div key={name} className="flex justify-between gap-4">
            <dt className="text-text-2">{t(name)}</dt>
            <dd className="num font-medium text-text">{format.integer(count)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
