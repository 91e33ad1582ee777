"use client";

import { Banknote, Coins, LogIn, type LucideIcon, Mail, Play, ShieldCheck, UserPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import type { HappeningKind } from "#insight";
import { type ToolName, useWords } from "#ui/credits/words";
import { Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { useActChanges } from "#ui/office/act-fields";
import { ChangeText, useActionName } from "#ui/office/act-words";
import type { Plain } from "#ui/plain";
import { Card } from "#ui/primitives/card";
import { Empty } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { KindLinks } from "./kind-links";
import type { TimelineLine } from "./page";
import { TabPages } from "./tab-pages";

type Line = Plain<TimelineLine>;

type TimelineTabProps = {
  lines: readonly Line[];
  tools: readonly ToolName[];
  older: string | null;
  turned: boolean;
  customerId: string;
  kind: HappeningKind | undefined;
};

const icons: Record<Line["what"], LucideIcon> = {
  money: Banknote,
  mail: Mail,
  entry: Coins,
  run: Play,
  act: ShieldCheck,
  signIn: LogIn,
  signUp: UserPlus,
};

/** Money, credits, runs, mails, sign-ins and what staff did, in one line of time. */
export function TimelineTab({ lines, tools, older, turned, customerId, kind }: TimelineTabProps) {
  const t = useTranslations("office.customer");
  const words = useTranslations("officeCustomers.timeline");
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
      header: t("column.amount"),
      align: "right",
      mobile: "corner",
      width: "w-32",
      cell: ({ line }) => <Amount line={line} />,
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
      <KindLinks customerId={customerId} shown={kind} />
      {rows.length > 0 ? (
        <Table
          label={t("tab.timeline")}
          columns={columns}
          rows={rows}
          rowKey={({ place }) => `${place}`}
          dense
        />
      ) : (
        <Empty title={words("empty")} />
      )}
      <TabPages label={t("pages")} older={older} turned={turned} />
    </Card>
  );
}

function What({ line, tools }: { line: Line; tools: readonly ToolName[] }) {
  const t = useTranslations("office.customer");
  const happened = useTranslations("officeCustomers.timeline");
  const reasons = useTranslations("billing.invoices.reason");
  const words = useWords(tools);
  const actionName = useActionName();
  if (line.what === "money") {
    return <>{happened(`event.${line.money.event}`, { what: reasons(line.money.kind) })}</>;
  }
  if (line.what === "mail") return <>{line.mail.subject}</>;
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
  const words = useTranslations("officeCustomers.timeline");
  const changesOf = useActChanges();
  const text = "wrap-anywhere text-text-2 max-sm:text-right";
  if (line.what === "run") {
    return (
      <span className={text}>
        {status(line.run.status)} · <span className="font-mono text-12">{line.run.id}</span>
      </span>
    );
  }
  if (line.what === "money") {
    const { number, id, invoiceId } = line.money;
    return (
      <span className={text}>
        {number ?? invoiceId}
        {id !== invoiceId && <span className="font-mono text-12"> · {id}</span>}
      </span>
    );
  }
  if (line.what === "mail") {
    return (
      <span className={text}>
        {words(`mail.${line.mail.status}`)} · <span className="font-mono text-12">{line.mail.kind}</span>
      </span>
    );
  }
  if (line.what === "act") {
    const { action, before, after, actorMail, reason } = line.act;
    return (
      <span className={`${text} grid`}>
        <span>{[actorMail ?? audit("terminal"), reason].filter(Boolean).join(" · ")}</span>
        {changesOf({ action, before: recordOf(before), after: recordOf(after) }).map((change) => (
          <ChangeText key={change.name} change={change} />
        ))}
      </span>
    );
  }
  if (line.what === "signIn") return <span className={text}>{line.address ?? "—"}</span>;
  return <span className="text-text-3">—</span>;
}

/** Credits signed; money as it was charged or paid back. */
function Amount({ line }: { line: Line }) {
  const format = useFormat();
  if (line.what === "entry") return <span className="font-medium">{format.signed(line.entry.credits)}</span>;
  if (line.what !== "money") return null;
  const { amountCents, currency, event } = line.money;
  return (
    <span className={event === "paid" ? "font-medium" : "text-text-2"}>
      {format.money(amountCents, currency)}
    </span>
  );
}

function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : null;
}
