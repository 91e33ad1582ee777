"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { EntryJson, HoldJson } from "#api/contract";
import { cn } from "#cn";
import { type ToolName, useWords, type Wording } from "#ui/credits/words";
import { Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { useFormat } from "#ui/use-format";
import { TraceButton } from "./trace-button";

type EntryRowsProps = {
  entries: readonly EntryJson[];
  holds: readonly HoldJson[];
  tools: readonly ToolName[];
  onTrace: (of: string) => void;
};

/** An entry, or a hold that is open or expired, as its row shows it. */
type Row = {
  key: string;
  is: "entry" | HoldJson["status"];
  wording: Wording;
  lot: string | null;
  at: string;
  credits: number;
  totalAfter: number | null;
};

/**
 * Entries, newest first, under the open holds, which are none yet; holds that expired never were, and stand at
 * their time. On a phone each row is a card.
 */
export function EntryRows({ entries, holds, tools, onTrace }: EntryRowsProps) {
  const t = useTranslations("credits");
  const words = useWords(tools);
  const format = useFormat();
  const aHold = (hold: HoldJson): Row => ({
    key: hold.holdId,
    is: hold.status,
    wording: words.hold(hold),
    lot: null,
    at: hold.endedAt ?? hold.createdAt,
    credits: hold.credits,
    totalAfter: null,
  });
  const [open, expired] = [holds.filter(isOpen), holds.filter((hold) => !isOpen(hold))];
  const past: Row[] = [
    ...entries.map(
      (entry): Row => ({
        key: `${entry.seq}`,
        is: "entry",
        wording: words.entry(entry),
        lot: words.lot(entry.source),
        at: entry.createdAt,
        credits: entry.credits,
        totalAfter: entry.totalAfter,
      }),
    ),
    ...expired.map(aHold),
  ];
  // Entries of one moment keep their order.
  const rows = [...open.map(aHold), ...past.sort((a, b) => Number(a.at < b.at) - Number(a.at > b.at))];
  const columns: Column<Row>[] = [
    {
      key: "entry",
      header: t("column.entry"),
      mobile: "title",
      cell: ({ wording, is }) => <Words wording={wording} is={is} />,
    },
    {
      key: "lot",
      header: t("column.lot"),
      mobile: "none",
      width: "w-44",
      cell: ({ lot }) => <span className="text-text-2">{lot}</span>,
    },
    {
      key: "time",
      header: t("column.time"),
      width: "w-44",
      cell: ({ at }) => <Time at={at} show="dateTime" />,
    },
    {
      key: "amount",
      header: t("column.amount"),
      align: "right",
      mobile: "corner",
      width: "w-28",
      cell: ({ is, credits }) => (
        <span data-testid={testIds[is]} className={cn("whitespace-nowrap", looks[is])}>
          {is === "entry" ? format.signed(credits) : format.integer(credits)}
        </span>
      ),
    },
    {
      key: "balance",
      header: t("column.balance"),
      align: "right",
      width: "w-32",
      cell: ({ is, totalAfter }) =>
        totalAfter === null ? (
          <span className="text-text-3">{is === "expired" ? t("returned") : t("pending")}</span>
        ) : (
          <span data-testid="balance-after" className="text-text-2">
            {format.integer(totalAfter)}
          </span>
        ),
    },
    {
      key: "trace",
      header: <span className="sr-only">{t("trace.column")}</span>,
      width: "w-14",
      align: "right",
      cell: ({ key, is, wording }) =>
        is === "entry" && (
          <TraceButton label={t("trace.of", { entry: wording.text })} onPress={() => onTrace(key)} />
        ),
    },
  ];
  return <Table label={t("tabs.entries")} columns={columns} rows={rows} rowKey={({ key }) => key} />;
}

const testIds = { entry: "amount", open: "hold", expired: "expired-hold" } as const;
const looks = {
  entry: "text-14 font-medium text-text",
  open: "text-14 font-medium text-hold",
  expired: "text-14 text-text-3",
} as const;

function isOpen({ status }: HoldJson): boolean {
  return status === "open";
}

/** What happened, in words, which lead to its run or payment from anywhere in the row. */
function Words({ wording: { text, href }, is }: { wording: Wording; is: Row["is"] }) {
  const look = is === "expired" ? "text-14 text-text-2" : looks[is];
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      {is === "open" && <span aria-hidden="true" className="hatched size-2.5 shrink-0 rounded-[3px]" />}
      {href ? (
        <Link
          href={href}
          className={cn(
            look,
            "decoration-line-strong underline-offset-3 group-hover:underline after:absolute after:inset-0",
          )}
        >
          {text}
        </Link>
      ) : (
        <span className={look}>{text}</span>
      )}
    </span>
  );
}

/** What entries will look like, for those who have none. */
export function SampleRows() {
  const t = useTranslations("credits.words");
  const format = useFormat();
  const rows = [
    { text: t("consumed"), credits: -4 },
    { text: t("issued.signup"), credits: 100 },
  ];
  return (
    <div className="divide-y divide-line rounded-field border border-line text-left">
      {rows.map(({ text, credits }) => (
        <p key={text} className="num flex justify-between px-4 py-2.5 text-13 text-text-2">
          {text}
          <span>{format.signed(credits)}</span>
        </p>
      ))}
    </div>
  );
}
