"use client";

import { FlaskConical } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ToolState } from "#tools";
import { api } from "#ui/api";
import { ActDialog } from "#ui/office/act-dialog";
import { Button } from "#ui/primitives/button";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";
import { DifferenceList } from "./difference";
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
            {...{ tool, revision, draft, values, difference }}
            fits={faults.size === 0}
            onReset={() => setValues(valuesOf(published))}
          />
        )}
      </Card>
      <div className="grid min-w-0 gap-5 xl:sticky xl:top-20">
        <Card aria-labelledby="card">
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

type StepsProps = Pick<EditorProps, "tool" | "revision" | "draft"> & {
  values: DraftValues;
  difference: ReturnType<typeof differenceTo>;
  fits: boolean;
  onReset: () => void;
};

/** Save, test, publish, in this order. */
function Steps({ tool: { slug, name }, revision, draft, values, difference, fits, onReset }: StepsProps) {
  const t = useTranslations("officeTools");
  const format = useFormat();
  const problemText = useProblemText();
  const router = useRouter();
  const [publishing, setPublishing] = useState(false);
  const [busy, setBusy] = useState(false);
  const stored = JSON.stringify(draftOf(values));
  const saved = draft !== null && stored === JSON.stringify(draftOf(valuesOf(draft.state)));
  const change = async (work: () => Promise<unknown>, word: "saved" | "dropped") => {
    setBusy(true);
    try {
      await work();
      toast.done(t(word));
      router.refresh();
    } catch (error) {
      toast.failure(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  const seen = draft?.savedAt ?? null;
  const save = () => api.put<{ savedAt: string }>(`/admin/tools/${slug}/draft`, { ...draftOf(values), seen });
  const drop = async () => {
    if (seen) await api.delete(`/admin/tools/${slug}/draft?seen=${encodeURIComponent(seen)}`);
    onReset();
  };
  const changed = difference.length > 0;
  const state = !fits ? t("invalid") : changed && !saved ? t("unsaved") : null;
  return (
    <div className="sticky bottom-0 z-10 flex flex-wrap items-center justify-between gap-3 rounded-b-card border-t border-line bg-surface px-4 py-3 sm:px-5">
      <p className="text-13 text-text-2" role="status">
        {state ?? (draft ? t("savedAt", { time: format.dateTime(draft.savedAt) }) : t("noDraft"))}
      </p>
      <div className="flex flex-wrap gap-2">
        {(changed || draft) && (
          <Button variant="quiet" size="sm" disabled={busy} onClick={() => void change(drop, "dropped")}>
            {t("drop")}
          </Button>
        )}
        <Button variant="secondary" size="sm" asChild>
          <Link href={`/tools/${slug}?trial=1`} title={t("testHint")}>
            <FlaskConical aria-hidden="true" strokeWidth={1.75} />
            {t("test")}
          </Link>
        </Button>
        <Button
          variant="secondary"
          size="sm"
          busy={busy}
          disabled={!fits || saved || !changed}
          onClick={() => void change(save, "saved")}
        >
          {t("save")}
        </Button>
        <Button size="sm" disabled={!fits || !changed} onClick={() => setPublishing(true)}>
          {t("publish")}
        </Button>
      </div>
      <ActDialog
        open={publishing}
        onOpenChange={setPublishing}
        title={t("publishTitle", { name })}
        act={t("publishAct")}
        onAct={async (reason) => {
          const { savedAt } = saved ? draft : await save();
          const done = await api.post<{ revision: number }>(`/admin/tools/${slug}/publish`, {
            ...{ base: revision, seen: savedAt, reason },
          });
          toast.done(t("published", done));
          router.refresh();
        }}
      >
        <p className="text-14 text-text-2">{t("publishText")}</p>
        <DifferenceList difference={difference} />
      </ActDialog>
    </div>
  );
}
