"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { JobJson } from "#api/contract";
import { api } from "#ui/api";
import { FilterBar, SearchFilter } from "#ui/data/filter-bar";
import { TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import { Card } from "#ui/primitives/card";
import { Segmented } from "#ui/primitives/tabs";
import { QueryState } from "#ui/state/query-state";
import { Empty, NoMatch } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { DiscardDialog } from "./discard-dialog";
import { JobRows } from "./job-rows";
import { jobsQuery, shownStates, useJobsState } from "./queries";

/** Jobs, those that were given up first; each can be tried again, and some be discarded. */
export function JobsView({ mayChange }: { mayChange: boolean }) {
  const t = useTranslations("officeOperations.jobs");
  const queries = useQueryClient();
  const format = useFormat();
  const { query, state, searched, cursor, clear, choose, turn } = useJobsState();
  const page = useQuery(jobsQuery(query, cursor));
  const [discarding, setDiscarding] = useState<JobJson | null>(null);
  const counts = page.data?.counts;
  const again = () => queries.invalidateQueries({ queryKey: ["office", "jobs"] });
  const retry = async (job: JobJson) => {
    try {
      await api.post(`/admin/jobs/${job.id}/retry`);
    } finally {
      await again();
    }
  };
  return (
    <div className="grid gap-4">
      <FilterBar names={["task"]}>
        <Segmented
          label={t("state.label")}
          value={state}
          onValueChange={choose}
          options={shownStates.map((value) => ({
            value,
            label: (
              <>
                {t(`state.${value}`)}
                {counts && value !== "all" && (
                  <span className="num text-12 text-text-3">{format.integer(counts[value])}</span>
                )}
              </>
            ),
          }))}
        />
        <SearchFilter name="task" label={t("task")} className="sm:w-64" />
      </FilterBar>
      <Card aria-label={t("title")} aria-busy={page.isPlaceholderData}>
        <QueryState
          query={page}
          failure={t("failure")}
          skeleton={<TableSkeleton columns={6} rows={8} dense />}
        >
          {({ data, nextCursor }) => (
            <>
              {data.length > 0 && (
                <JobRows jobs={data} mayChange={mayChange} onRetry={retry} onDiscard={setDiscarding} />
              )}
              {data.length === 0 && searched && <NoMatch onClear={clear} />}
              {data.length === 0 && !searched && (
                <Empty
                  icon={<CircleCheck strokeWidth={1.75} />}
                  title={t(state === "failed" ? "noneFailed" : "empty")}
                  text={t(state === "failed" ? "noneFailedText" : "emptyText")}
                />
              )}
              <KeyPages label={t("pages")} older={nextCursor} turned={cursor !== null} turn={turn} />
            </>
          )}
        </QueryState>
      </Card>
      <DiscardDialog job={discarding} onClose={() => setDiscarding(null)} onDone={again} />
    </div>
  );
}
