"use client";

import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { EventJson } from "#api/contract";
import { cn } from "#cn";
import { MonoId, Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { RowAct } from "#ui/office/row-act";
import { Badge } from "#ui/primitives/badge";
import { eventQuery } from "./filter";

type EventRowsProps = {
  events: readonly EventJson[];
  mayReplay: boolean;
  /** Chosen to be replayed together. */
  chosen: ReadonlySet<string>;
  onChoose: (id: string, on: boolean) => void;
  /** Replayed from here: they stay in their place, and show what becomes of them. */
  replayed: ReadonlySet<string>;
  onReplay: (event: EventJson) => Promise<void>;
  onOpen: (id: string) => void;
};

/** Events as rows: about whom, what went wrong, and a button that has it tried again. */
export function EventRows({
  events,
  mayReplay,
  chosen,
  onChoose,
  replayed,
  onReplay,
  onOpen,
}: EventRowsProps) {
  const t = useTranslations("office.events");
  const more = useTranslations("officeOperations.events");
  const columns: Column<EventJson>[] = [
    ...(mayReplay
      ? [
          {
            key: "choose",
            header: <span className="sr-only">{more("choose")}</span>,
            width: "w-8",
            mobile: "none" as const,
            cell: ({ id, type }: EventJson) => (
              <input
                type="checkbox"
                aria-label={more("chooseOne", { type })}
                checked={chosen.has(id)}
                disabled={replayed.has(id)}
                onChange={({ target }) => onChoose(id, target.checked)}
                className="size-4 accent-[var(--primary)]"
              />
            ),
          },
        ]
      : []),
    {
      key: "type",
      header: t("column.type"),
      mobile: "title",
      width: "w-72",
      cell: ({ id, type, livemode }) => (
        <span className="grid py-1">
          <span className="font-medium break-words">
            <button
              type="button"
              className="text-left underline-offset-4 hover:underline"
              onClick={() => onOpen(id)}
            >
              {type}
            </button>
            {!livemode && <span className="ml-2 text-12 font-normal text-text-3">{t("test")}</span>}
          </span>
          <MonoId id={id} label={t("column.type")} short />
        </span>
      ),
    },
    {
      key: "customer",
      header: t("column.customer"),
      cell: ({ customerId, customerMail, stripeCustomerId }) =>
        customerId ? (
          <Link
            href={`/admin/customers/${customerId}`}
            className="wrap-anywhere underline-offset-4 hover:underline"
          >
            {customerMail}
          </Link>
        ) : (
          <span className="wrap-anywhere text-text-3">{stripeCustomerId ?? "—"}</span>
        ),
    },
    {
      key: "status",
      header: t("column.status"),
      cell: ({ id, status }) =>
        replayed.has(id) ? <WatchedStatus id={id} /> : <EventStatus status={status} />,
    },
    { key: "attempts", header: t("column.attempts"), align: "right", cell: ({ attempts }) => attempts },
    {
      key: "error",
      header: t("column.error"),
      cell: ({ status, error }) => <Reason status={status} error={error} />,
    },
    {
      key: "time",
      header: t("column.time"),
      cell: ({ receivedAt }) => <Time at={receivedAt} show="dateTime" />,
    },
    ...(mayReplay
      ? [
          {
            key: "replay",
            header: <span className="sr-only">{t("replay")}</span>,
            cell: (event: EventJson) => (
              <RowAct
                label={t("replayOf", { type: event.type })}
                act={() => onReplay(event)}
                done={t("replayed")}
              >
                <RotateCw aria-hidden="true" strokeWidth={1.75} />
                {t("replay")}
              </RowAct>
            ),
          },
        ]
      : []),
  ];
  return <Table label={t("title")} columns={columns} rows={events} rowKey={({ id }) => id} dense />;
}

const tones = { failed: "danger", waiting: "info", done: "neutral", ignored: "neutral" } as const;

export function EventStatus({ status }: Pick<EventJson, "status">) {
  const t = useTranslations("office.events.status");
  return <Badge tone={tones[status]}>{t(status)}</Badge>;
}

/** What became of an event that was replayed a moment ago; green once it is done. */
function WatchedStatus({ id }: { id: string }) {
  const t = useTranslations("office.events.status");
  const { data } = useQuery(eventQuery(id));
  const status = data?.status ?? "waiting";
  return (
    <span role="status">
      <Badge tone={status === "done" ? "ok" : tones[status]}>{t(status)}</Badge>
    </span>
  );
}

const reasons = ["no_customer", "not_needed", "unknown_customer"] as const;

type ReasonProps = Pick<EventJson, "status" | "error"> & {
  /** All of it, however long. */
  whole?: boolean;
};

/** Why it is none of ours, in words; what went wrong, as the program said it. */
export function Reason({ status, error, whole = false }: ReasonProps) {
  const t = useTranslations("office.events.ignored");
  const known = reasons.find((reason) => reason === error);
  if (!error) return <span className="text-text-3">—</span>;
  if (status === "ignored" && known) return <span className="text-text-2">{t(known)}</span>;
  return (
    <code className={cn("max-w-md text-12 break-words text-text-2", !whole && "line-clamp-3")}>{error}</code>
  );
}
