"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ToolState } from "#tools";
import { api } from "#ui/api";
import { DifferenceList } from "#ui/office/tool-difference";
import { Steps } from "#ui/office/tool-steps";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { type DraftValues, differenceTo, draftOf, faultsOf, ratesOf, valuesOf } from "./draft-form";
import { Fields } from "./fields";
import { LiveCard } from "./live-card";
import { SimulationCard } from "./simulation-card";

export type EditorProps = {
  tool: { slug: string; name: string; icon: string; kind: "exact" | "upTo" };
  code: ToolState;
  published: ToolState;
  revision: number;
  draft: { state: ToolState; savedAt: string } | null;
  mayChange: boolean;
};

/** Form left, card right; what is typed becomes a draft, and a draft a revision. */
export function Editor({ tool, code, published, revision, draft, mayChange }: EditorProps) {
  const t = useTranslations("officeTools");
  const [values, setValues] = useState<DraftValues>(() => valuesOf(draft?.state ?? published));
  const faults = faultsOf(values, code);
  const difference = differenceTo(values, published);
  const stored = JSON.stringify(draftOf(values));
  const save = () =>
    api.put<{ savedAt: string }>(`/admin/tools/${tool.slug}/draft`, {
      ...draftOf(values),
      seen: draft?.savedAt ?? null,
    });
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_400px]">
      <Card className="min-w-0">
        <CardBody className="grid gap-6 pt-4 sm:pt-5">
          <Fields
            values={values}
            code={code}
            faults={faults}
            disabled={!mayChange}
            onChange={(path, value) => setValues((old) => ({ ...old, [path]: value }))}
          />
        </CardBody>
        {mayChange && (
          <Steps
            {...{ slug: tool.slug, name: tool.name, revision, difference }}
            seen={draft?.savedAt ?? null}
            fits={faults.size === 0}
            changed={difference.length > 0}
            saved={draft !== null && stored === JSON.stringify(draftOf(valuesOf(draft.state)))}
            onSave={save}
            onDropped={() => setValues(valuesOf(published))}
          />
        )}
      </Card>
      <div className="flex min-w-0 flex-col gap-5 xl:sticky xl:top-20 xl:max-h-[calc(100dvh-6rem)] xl:overflow-y-auto *:shrink-0">
        {/* What scrolls is within reach of the keyboard. */}
        <Card aria-labelledby="card" tabIndex={0} className="xl:min-h-40 xl:shrink! xl:overflow-y-auto">
          <CardHeader id="card" title={t(difference.length > 0 ? "cardDraft" : "card")} />
          <CardBody className="grid gap-4">
            <LiveCard tool={tool} values={values} published={published} />
            {difference.length > 0 && (
              <div className="grid gap-2">
                <h3 className="text-13 font-medium">{t("difference")}</h3>
                <DifferenceList difference={difference} />
              </div>
            )}
          </CardBody>
        </Card>
        <SimulationCard slug={tool.slug} rates={faults.size === 0 ? ratesOf(values) : null} />
      </div>
    </div>
  );
}
