"use client";

import { useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { api, signedOutEvent } from "#ui/api";
import { TableSkeleton } from "#ui/data/table";
import { Button } from "#ui/primitives/button";
import { queryKeys } from "#ui/query-keys";
import type { Page, Run } from "#ui/runs/run";
import { RunTable } from "#ui/runs/run-table";
import { Empty, Failure } from "#ui/state/states";
import type { ToolView } from "./tool-view";

/** The latest runs of this tool. */
export function HistoryTab({ tool, signedIn }: { tool: ToolView; signedIn: boolean }) {
  const t = useTranslations("tools.history");
  const query = { tool: tool.slug, limit: 10 };
  const list = useQuery({
    queryKey: [...queryKeys.runs, "tool", query],
    queryFn: ({ signal }) => api.get<Page<Run>>("/runs", { query, signal }),
    enabled: signedIn,
  });
  if (!signedIn) return <SignInFirst />;
  if (list.isError && !list.data) return <Failure error={list.error} onRetry={() => list.refetch()} />;
  if (!list.data) return <TableSkeleton columns={3} rows={4} />;
  if (list.data.data.length === 0) {
    return <Empty icon={<History strokeWidth={1.75} />} title={t("empty")} text={t("emptyText")} />;
  }
  return (
    <div className="overflow-hidden rounded-b-card">
      <RunTable runs={list.data.data} />
      <p className="border-t border-line px-4 py-3 text-13 sm:px-5">
        <Link
          href={`/runs?tool=${tool.slug}`}
          className="text-text-2 underline underline-offset-3 hover:text-text"
        >
          {t("all")}
        </Link>
      </p>
    </div>
  );
}

function SignInFirst() {
  const t = useTranslations("tools.history");
  const shell = useTranslations("shell");
  return (
    <Empty
      icon={<History strokeWidth={1.75} />}
      title={t("signIn")}
      action={
        <Button variant="secondary" onClick={() => window.dispatchEvent(new Event(signedOutEvent))}>
          {shell("signIn")}
        </Button>
      }
    />
  );
}
