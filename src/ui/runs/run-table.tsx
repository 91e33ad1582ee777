"use client";

import { useTranslations } from "next-intl";
import type { Formats } from "#format";
import { Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { Status } from "#ui/primitives/badge";
import { ToolIcon } from "#ui/tool-icon";
import { useFormat } from "#ui/use-format";
import { isActive, type Run, runSeconds } from "./run";
import { turnsOf } from "./run-turns";

export type NamedTool = { slug: string; name: string; icon: string };

type RunTableProps = {
  runs: readonly Run[];
  /** Left out where all runs are of one tool and stand beside its form. */
  tools?: readonly NamedTool[];
};

/** Runs as rows that lead to their pages; cards on a phone. */
export function RunTable({ runs, tools }: RunTableProps) {
  const t = useTranslations("runs");
  const columns = useColumns(tools);
  return (
    <Table
      label={t("title")}
      columns={columns}
      rows={runs}
      rowKey={({ id }) => id}
      rowHref={({ id }) => `/runs/${id}`}
    />
  );
}

function useColumns(tools: RunTableProps["tools"]): readonly Column<Run>[] {
  const t = useTranslations("runs");
  const format = useFormat();
  const wide: Column<Run>[] = [
    {
      key: "duration",
      header: t("columns.duration"),
      align: "right",
      mobile: "none",
      cell: (run) => <span className="text-text-2">{durationText(run, format)}</span>,
    },
  ];
  return [
    {
      key: "run",
      header: t("columns.run"),
      mobile: "title",
      cell: (run) => <Subject run={run} tools={tools} />,
    },
    {
      key: "status",
      header: t("columns.status"),
      mobile: "corner",
      cell: ({ status }) => <Status status={status} />,
    },
    {
      key: "credits",
      header: t("columns.credits"),
      align: "right",
      cell: (run) => <RunCredits run={run} />,
    },
    ...(tools ? wide : []),
    {
      key: "time",
      header: t("columns.time"),
      align: "right",
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
  ];
}

/** The tool, and what it was about: its files, or the beginning of its text. */
function Subject({ run, tools }: { run: Run; tools: RunTableProps["tools"] }) {
  const t = useTranslations("runs");
  const tool = tools?.find(({ slug }) => slug === run.tool);
  const [first, ...rest] = run.files;
  const text = wordsOf(run);
  const about = first
    ? rest.length > 0
      ? t("files", { count: run.files.length })
      : first.name
    : text.slice(0, 80);
  if (!tools) return <span className="block max-w-52 truncate">{about || run.id}</span>;
  return (
    <span className="flex min-w-0 items-center gap-3">
      <ToolIcon name={tool?.icon ?? ""} className="size-4 text-text-3" />
      <span className="grid min-w-0 sm:block sm:max-w-96 sm:truncate">
        <span className="truncate text-14 font-medium text-text">{tool?.name ?? run.tool}</span>{" "}
        <span className="truncate font-normal text-text-3">{about}</span>
      </span>
    </span>
  );
}

/** What was asked last, or the longest of what was entered; a value of a choice says nothing here. */
function wordsOf(run: Run): string {
  const asked = turnsOf(run).at(-1)?.message;
  if (asked) return asked;
  const texts = Object.values(run.input).filter(
    (value): value is string => typeof value === "string" && !/^[a-z0-9_-]*$/.test(value),
  );
  return texts.reduce((longest, text) => (text.length > longest.length ? text : longest), "");
}

/** What the run cost, or holds. */
function RunCredits({ run }: { run: Run }) {
  const t = useTranslations("runs");
  const format = useFormat();
  if (isActive(run) && run.held > 0) {
    return <span className="text-hold">{t("onHold", { credits: format.integer(run.held) })}</span>;
  }
  if (run.held === 0) return <span className="text-text-3">{t("free")}</span>;
  if (run.charged === 0) return <span className="text-text-3">{t("notCharged")}</span>;
  return format.credits(run.charged);
}

function durationText(run: Run, format: Formats): string {
  const seconds = isActive(run) ? null : runSeconds(run, new Date(run.endedAt ?? run.createdAt));
  return seconds === null ? "" : format.duration(seconds);
}
