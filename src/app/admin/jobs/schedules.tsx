"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { SchedulesJson } from "#api/contract";
import { Time } from "#ui/data/cells";
import { type Column, Table, TableSkeleton } from "#ui/data/table";
import { Card, CardHeader } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";
import { schedulesQuery } from "./queries";

type Schedule = SchedulesJson["data"][number];

/** A pattern of cron in words; null for one that we do not use. */
function useClockWords(): (pattern: string) => string | null {
  const t = useTranslations("officeOperations.schedules.clock");
  return (pattern) => {
    const [, step, minute, hour] = /^(?:\*(?:\/(\d+))?|(\d+)) (\*|\d+) \* \* \*$/.exec(pattern) ?? [];
    if (!hour) return null;
    if (minute === undefined) return hour === "*" ? t("minutes", { count: Number(step ?? 1) }) : null;
    const at = minute.padStart(2, "0");
    return hour === "*"
      ? t("hourly", { minute: at })
      : t("daily", { time: `${hour.padStart(2, "0")}:${at}` });
  };
}

/** What happens by the clock: when it did last, and when it will next. */
export function Schedules() {
  const t = useTranslations("officeOperations.schedules");
  const query = useQuery(schedulesQuery());
  const timeOf = useClockWords();
  const columns: Column<Schedule>[] = [
    {
      key: "task",
      header: t("task"),
      mobile: "title",
      cell: ({ task }) => <span className="font-mono wrap-anywhere">{task}</span>,
    },
    {
      key: "pattern",
      header: t("pattern"),
      cell: ({ pattern }) => <span title={pattern}>{timeOf(pattern) ?? <code>{pattern}</code>}</span>,
    },
    {
      key: "last",
      header: t("last"),
      cell: ({ lastAt }) =>
        lastAt ? <Time at={lastAt} /> : <span className="text-text-3">{t("never")}</span>,
    },
    {
      key: "next",
      header: t("next"),
      cell: ({ nextAt }) => (nextAt ? <Time at={nextAt} /> : <span className="text-text-3">—</span>),
    },
  ];
  return (
    <Card aria-labelledby="schedules">
      <CardHeader id="schedules" title={t("title")} hint={t("hint")} />
      <QueryState
        query={query}
        failure={t("failure")}
        skeleton={<TableSkeleton columns={4} rows={8} dense />}
      >
        {({ data }) => (
          <Table label={t("title")} columns={columns} rows={data} rowKey={({ task }) => task} dense />
        )}
      </QueryState>
    </Card>
  );
}
