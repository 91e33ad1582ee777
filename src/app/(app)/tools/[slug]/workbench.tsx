"use client";

import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { signedOutEvent } from "#ui/api";
import { isRefused } from "#ui/files/use-uploads";
import { useOnline } from "#ui/live";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { Tab, TabList, TabPanel, Tabs } from "#ui/primitives/tabs";
import type { Run } from "#ui/runs/run";
import { RunActions } from "#ui/runs/run-actions";
import { RunView } from "#ui/runs/run-view";
import { useAvailable } from "#ui/runs/use-available";
import { useQuote } from "#ui/runs/use-quote";
import { useStart } from "#ui/runs/use-start";
import { fileField, serverFaults } from "#ui/tool-form/form-values";
import { ToolForm } from "#ui/tool-form/tool-form";
import { ApiTab } from "./api-tab";
import { EmptyResult } from "./empty-result";
import { Examples } from "./examples";
import { FileField } from "./file-field";
import { HistoryTab } from "./history-tab";
import { RunBar } from "./run-bar";
import { StartProblem, shortOf } from "./start-problem";
import type { SiteFacts, ToolView, Viewer } from "./tool-view";
import { type ToolInput, useToolInput } from "./use-tool-input";

type WorkbenchProps = {
  tool: ToolView;
  viewer: Viewer;
  site: SiteFacts;
};

/** Input left, result right. The run that is shown stands in the URL, so a reload shows the same. */
export function Workbench({ tool, viewer, site }: WorkbenchProps) {
  const t = useTranslations("tools");
  const runId = useSearchParams().get("run");
  const form = useToolInput(tool, viewer, runId);
  const result = useRef<HTMLDivElement>(null);
  const [started, setStarted] = useState<Run | null>(null);
  const show = (run: Run) => {
    setStarted(run);
    window.history.pushState(null, "", `?${tool.trial ? "trial=1&" : ""}run=${run.id}`);
    // On a phone the result stands below the form.
    if (window.innerWidth < 1024) result.current?.scrollIntoView({ block: "start" });
  };
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2 lg:gap-6">
      <Card className="min-w-0">
        <Tabs defaultValue="form">
          <div className="relative">
            <TabList className="px-4 pr-24 sm:px-5">
              <Tab value="form">{t("tabs.form")}</Tab>
              {!tool.trial && <Tab value="api">{t("tabs.api")}</Tab>}
              <Tab value="history">{t("tabs.history")}</Tab>
            </TabList>
            <Button
              variant="quiet"
              size="sm"
              className="absolute top-1 right-2 sm:right-3"
              onClick={form.reset}
            >
              {t("form.reset")}
            </Button>
          </div>
          {/* The form stays mounted, so that a look at the other tabs loses nothing. */}
          <TabPanel value="form" forceMount className="p-4 data-[state=inactive]:hidden sm:p-5">
            <FormTab tool={tool} viewer={viewer} site={site} form={form} onStarted={show} />
          </TabPanel>
          {!tool.trial && (
            <TabPanel value="api" className="p-4 sm:p-5">
              <ApiTab tool={tool} form={form} site={site} />
            </TabPanel>
          )}
          <TabPanel value="history" className="pt-0">
            <HistoryTab tool={tool} signedIn={viewer !== null} />
          </TabPanel>
        </Tabs>
      </Card>
      <div ref={result} className="min-w-0 scroll-mt-16 lg:sticky lg:top-20" data-testid="result">
        {runId ? (
          <RunView
            key={runId}
            id={runId}
            {...(started?.id === runId && { initial: started })}
            tool={tool}
            pageTitle={`${tool.name} · ${site.name}`}
            visitor={viewer === null}
            linked={viewer !== null}
            {...(!tool.trial && { onContinued: show })}
            actions={(run) =>
              !tool.trial && <RunActions run={run} visitor={viewer === null} onStarted={show} />
            }
          />
        ) : (
          <EmptyResult tool={tool} retentionDays={site.retentionDays} />
        )}
      </div>
    </div>
  );
}

type FormTabProps = {
  tool: ToolView;
  viewer: Viewer;
  site: SiteFacts;
  form: ToolInput;
  onStarted: (run: Run) => void;
};

function FormTab({ tool, viewer, site, form, onStarted }: FormTabProps) {
  const available = useAvailable(viewer !== null);
  const mayAsk = viewer !== null || tool.tryable;
  const paths = pathsOf(tool);
  const price = useQuote(tool.slug, form.ready && mayAsk ? form.input : null, available, paths.quote);
  const { start, starting, problem, clear } = useStart(tool.slug, paths.start);
  const blocked = useBlocked(tool, form, mayAsk);
  const refusal = problem ?? price.problem;
  const { complain } = form;

  useEffect(() => {
    if (refusal?.code === "invalid_request") complain(serverFaults(refusal.errors));
  }, [refusal, complain]);

  const run = async () => {
    if (!mayAsk) {
      window.dispatchEvent(new Event(signedOutEvent));
      return;
    }
    // A test by staff has no price.
    const begun = await start(form.input, tool.trial ? undefined : price.quote?.credits);
    if (begun) onStarted(begun);
  };
  // What is said of too few credits is tall: in the bar that stays in sight it would hide the files of a phone.
  const lacking = shortOf(price.quote, refusal) !== null;
  const obstacle = (
    <StartProblem tool={tool} viewer={viewer} site={site} form={form} problem={refusal} quote={price.quote} />
  );
  return (
    <div className="grid gap-6">
      <Examples tool={tool} form={form} onUsed={clear} />
      <ToolForm
        fields={tool.fields}
        values={form.values}
        onChange={form.change}
        faults={form.faults}
        files={(field, error) => <FileField field={field} uploads={form.uploads} error={error} />}
      />
      {lacking && obstacle}
      <div className="sticky bottom-14 z-10 -mx-4 -mb-4 grid gap-3 rounded-b-card border-t border-line bg-surface px-4 py-3 sm:-mx-5 sm:-mb-5 sm:px-5 sm:py-4 lg:bottom-0">
        {!lacking && obstacle}
        <RunBar
          tool={tool}
          viewer={viewer}
          price={price}
          starting={starting}
          blocked={blocked}
          onRun={() => void run()}
        />
      </div>
    </div>
  );
}

/** A test by staff has its own door. */
function pathsOf({ slug, trial }: ToolView): { quote: string; start: string } {
  return trial
    ? { quote: `/admin/tools/${slug}/trials/quote`, start: `/admin/tools/${slug}/trials` }
    : { quote: `/tools/${slug}/quote`, start: `/tools/${slug}/runs` };
}

/** Why Run does not answer, in words; null when it does. */
function useBlocked(tool: ToolView, form: ToolInput, mayAsk: boolean): string | null {
  const t = useTranslations("tools.run");
  const online = useOnline();
  const { items, sending } = form.uploads;
  if (tool.off) return t("off");
  if (tool.planNeeded) return t("planNeeded");
  if (tool.missing) return t("notConfigured", { missing: tool.missing });
  if (!online) return t("offline");
  if (items.some(({ state }) => state.kind === "failed" && isRefused(state.error))) return t("fileRefused");
  if (items.some(({ state }) => state.kind === "failed")) return t("uploadFailed");
  if (sending) return t("uploading");
  if (form.ready || !mayAsk) return null;
  return fileField(tool.fields)?.required && items.length === 0 ? t("addFile") : t("fillIn");
}
