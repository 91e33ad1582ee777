"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import type { FormField } from "#tools";
import { PageHeader } from "#ui/primitives/card";
import { RunActions } from "#ui/runs/run-actions";
import { type RunTool, RunView } from "#ui/runs/run-view";
import { useRun } from "#ui/runs/use-run";
import { ToolTile } from "#ui/tool-icon";
import { RunDetails } from "./run-details";

type RunPageProps = {
  id: string;
  siteName: string;
  tool: RunTool & { icon: string; fields: readonly FormField[] };
};

/** The run with what it was given and what it cost. */
export function RunPage({ id, siteName, tool }: RunPageProps) {
  const t = useTranslations("runs");
  const router = useRouter();
  const { run } = useRun(id);
  return (
    <>
      <PageHeader
        eyebrow={
          <Link href="/runs" className="underline-offset-3 hover:text-text hover:underline">
            {t("view.allRuns")}
          </Link>
        }
        title={
          <span className="flex items-center gap-3">
            <ToolTile name={tool.icon} className="max-sm:hidden" />
            {tool.name}
          </span>
        }
      />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_320px] lg:gap-6">
        <div className="min-w-0">
          <RunView
            id={id}
            tool={tool}
            pageTitle={`${tool.name} · ${siteName}`}
            onContinued={(next) => router.push(`/runs/${next.id}`)}
            actions={(shown) => (
              <RunActions
                run={shown}
                visitor={false}
                edit
                onStarted={(next) => router.push(`/runs/${next.id}`)}
              />
            )}
          />
        </div>
        {run && <RunDetails run={run} fields={tool.fields} />}
      </div>
    </>
  );
}
