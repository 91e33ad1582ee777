"use client";

import { Coins, LogIn, type LucideIcon, Play, ShieldCheck, UserPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ToolName, useWords } from "#ui/credits/words";
import { Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { ChangeText, changesOf, useActionName } from "#ui/office/act-words";
import type { Plain } from "#ui/plain";
import { Card } from "#ui/primitives/card";
import { useFormat } from "#ui/use-format";
import type { TimelineLine } from "./page";
import { TabPages } from "./tab-pages";

type Line = Plain<TimelineLine>;

type TimelineTabProps = {
  lines: readonly Line[];
  tools: readonly ToolName[];
  older: string | null;
  turned: boolean;
};

const icons: Record<Line["what"], LucideIcon> = {
  entry: Coins,
  run: Play,
  act: ShieldCheck,
  signIn: LogIn,
  signUp: UserPlus,
};

/** Credits, runs, sign-ins and what staff did, in one line of time. */
export function TimelineTab({ lines, tools, older, turned }: TimelineTabProps) {
  const t = useTranslations("office.customer");
  const rows = lines.map((line, place) => ({ line, place }));
  const columns: Column<(typeof rows)[number]>[] = [
    {
      key: "what",
      header: t("column.what"),
      mobile: "title",
      cell: ({ line }) => {
        const Icon = icons[line.what];
        return (
          <span className="flex items-center gap-2.5">
            <Icon aria-hidden="true" className="size-4 shrink-0 text-text-3" strokeWidth={1.75} />
            <What line={line} tools={tools} />
          </span>
        );
      },
    },
    {
      key: "details",
      header: t("column.details"),
      cell: ({ line }) => <Details line={line} />,
    },
    {
      key: "amount",
      header: t("column.credits"),
      align: "right",
      mobile: "corner",
      width: "w-28",
      cell: ({ line }) => <Credits line={line} />,
    },
    {
      key: "time",
      header: t("column.time"),
      width: "w-44",
      cell: ({ line }) => <Time at={line.at} show="dateTime" />,
    },
  ];
  return (
    <Card aria-label={t("tab.timeline")}>
      <Table
        label={t("tab.timeline")}
        columns={columns}
        rows={rows}
        rowKey={({ place }) => `${place}`}
        dense
      />
      <TabPages label={t("pages")} older={older} turned={turned} />
    </Card>
  );
}

function What({ line, tools }: { line: Line; tools: readonly ToolName[] }) {
  const t = useTranslations("office.customer");
  const words = useWords(tools);
  const actionName = useActionName();
  if (line.what === "entry") return <>{words.entry(line.entry).text}</>;
  if (line.what === "act") return <>{actionName(line.act.action)}</>;
  if (line.what === "run") {
    const name = tools.find(({ slug }) => slug === line.run.tool)?.name ?? line.run.tool;
    return <>{t("ran", { tool: name })}</>;
  }
  return <>{t(line.what)}</>;
}

function Details({ line }: { line: Line }) {
  const status = useTranslations("common.status");
  const audit = useTranslations("office.audit");
  const text = "break-all text-text-2 max-sm:text-right";
  if (line.what === "run") {
    return (
      <span className={text}>
        {status(line.run.status)} · <span className="font-mono text-12">{line.run.id}</span>
      </span>
    );
  }
  if (line.what === "act") {
    const { before, after, actorMail, reason } = line.act;
    return (
      <span className={`${text} grid`}>
        <span>{[actorMail ?? audit("terminal"), reason].filter(Boolean).join(" · ")}</span>
        {changesOf({ before: recordOf(before), after: recordOf(after) }).map((change) => (
          <ChangeText key={change.name} change={change} />
        ))}
      </span>
    );
  }
  if (line.what === "signIn") return <span className={text}>{line.address ?? "—"}</span>;
  return <span className="text-text-3">—</span>;
}

function Credits({ line }: { line: Line }) {
  const format = useFormat();
  return line.what === "entry" ? (
    <span className="font-medium">{format.signed(line.entry.credits)}</span>
  ) : null;
}

function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : null;
}
