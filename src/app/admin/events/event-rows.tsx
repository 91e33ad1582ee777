"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { EventJson } from "#api/contract";
import { api } from "#ui/api";
import { MonoId, Time } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";

type EventRowsProps = { events: readonly EventJson[]; mayReplay: boolean };

/** Events as rows: about whom, what went wrong, and a button that has it tried again. */
export function EventRows({ events, mayReplay }: EventRowsProps) {
  const t = useTranslations("office.events");
  const columns: Column<EventJson>[] = [
    {
      key: "type",
      header: t("column.type"),
      mobile: "title",
      width: "w-72",
      cell: ({ id, type, livemode }) => (
        <span className="grid py-1">
          <span className="font-medium break-words">
            {type}
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
            className="break-all underline-offset-4 hover:underline"
          >
            {customerMail}
          </Link>
        ) : (
          <span className="break-all text-text-3">{stripeCustomerId ?? "—"}</span>
        ),
    },
    { key: "status", header: t("column.status"), cell: ({ status }) => <EventStatus status={status} /> },
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
            cell: (event: EventJson) => <Replay event={event} />,
          },
        ]
      : []),
  ];
  return <Table label={t("title")} columns={columns} rows={events} rowKey={({ id }) => id} dense />;
}

const tones = { failed: "danger", waiting: "info", done: "neutral", ignored: "neutral" } as const;

function EventStatus({ status }: Pick<EventJson, "status">) {
  const t = useTranslations("office.events.status");
  return <Badge tone={tones[status]}>{t(status)}</Badge>;
}

const reasons = ["no_customer", "not_needed", "unknown_customer"] as const;

/** Why it is none of ours, in words; what went wrong, as the program said it. */
function Reason({ status, error }: Pick<EventJson, "status" | "error">) {
  const t = useTranslations("office.events.ignored");
  const known = reasons.find((reason) => reason === error);
  if (!error) return <span className="text-text-3">—</span>;
  if (status === "ignored" && known) return <span className="text-text-2">{t(known)}</span>;
  return <code className="line-clamp-3 max-w-md text-12 break-words text-text-2">{error}</code>;
}

function Replay({ event: { id, type } }: { event: EventJson }) {
  const t = useTranslations("office.events");
  const problemText = useProblemText();
  const queries = useQueryClient();
  const replay = useMutation({
    mutationFn: () => api.post<{ id: string }>(`/admin/events/${id}/replay`, {}),
    onSuccess: () => {
      toast.done(t("replayed"));
      return queries.invalidateQueries({ queryKey: ["office", "events"] });
    },
    onError: (error) => toast.failure(problemText(error)),
  });
  return (
    <Button
      variant="secondary"
      size="sm"
      busy={replay.isPending}
      aria-label={t("replayOf", { type })}
      onClick={() => replay.mutate()}
    >
      <RotateCw aria-hidden="true" strokeWidth={1.75} />
      {t("replay")}
    </Button>
  );
}
