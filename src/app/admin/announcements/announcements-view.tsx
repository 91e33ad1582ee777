"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Megaphone } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import type { AnnouncementJson } from "#api/contract";
import { api } from "#ui/api";
import { Time } from "#ui/data/cells";
import { type Column, Table, TableSkeleton } from "#ui/data/table";
import { useIntention } from "#ui/intention";
import { ActDialog } from "#ui/office/act-dialog";
import { KeyPages } from "#ui/office/key-pages";
import { SegmentWords } from "#ui/office/segment-words";
import { useLast } from "#ui/office/use-last";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { Progress } from "#ui/primitives/progress";
import { toast } from "#ui/primitives/toast";
import { QueryState } from "#ui/state/query-state";
import { Empty } from "#ui/state/states";
import { useFormat } from "#ui/use-format";

/** How often the list looks while mails are being written, in ms. */
const watchMs = 1_500;

/** Announcements, the newest first; drafts open to be changed. */
export function AnnouncementsView() {
  const t = useTranslations("officeAnnouncements");
  const [cursor, setCursor] = useQueryState("cursor", parseAsString.withOptions({ history: "push" }));
  const [stopping, setStopping] = useState<AnnouncementJson | null>(null);
  const page = useQuery({
    queryKey: ["office", "announcements", cursor],
    queryFn: ({ signal }) =>
      api.get<{ data: AnnouncementJson[]; nextCursor: string | null }>("/admin/announcements", {
        signal,
        query: { cursor, limit: 50 },
      }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.data.some(({ status }) => status === "sending") ? watchMs : false,
  });
  return (
    <>
      <Card aria-label={t("title")} aria-busy={page.isPlaceholderData}>
        <QueryState
          query={page}
          failure={t("failure")}
          skeleton={<TableSkeleton columns={7} rows={6} dense />}
        >
          {({ data, nextCursor }) => (
            <>
              {data.length > 0 && <Rows announcements={data} onStop={setStopping} />}
              {data.length === 0 && (
                <Empty icon={<Megaphone strokeWidth={1.75} />} title={t("empty")} text={t("emptyText")} />
              )}
              <KeyPages
                label={t("pages")}
                older={nextCursor}
                turned={cursor !== null}
                turn={(next) => void setCursor(next)}
              />
            </>
          )}
        </QueryState>
      </Card>
      <StopDialog stopping={stopping} onClose={() => setStopping(null)} />
    </>
  );
}

type RowsProps = {
  announcements: readonly AnnouncementJson[];
  onStop: (announcement: AnnouncementJson) => void;
};

function Rows({ announcements, onStop }: RowsProps) {
  const t = useTranslations("officeAnnouncements");
  const format = useFormat();
  const titleOf = useTitle();
  const columns: Column<AnnouncementJson>[] = [
    {
      key: "title",
      header: t("column.title"),
      mobile: "title",
      cell: (one) => (
        <Link
          href={`/admin/announcements/${one.id}?${new URLSearchParams(one.view)}`}
          className="font-medium break-words underline-offset-4 hover:underline"
        >
          {titleOf(one)}
        </Link>
      ),
    },
    { key: "who", header: t("column.who"), cell: ({ filter }) => <SegmentWords filter={filter} /> },
    {
      key: "where",
      header: t("column.where"),
      cell: ({ banner, mail }) =>
        [t("where.list"), ...(banner ? [t("where.banner")] : []), ...(mail ? [t("where.mail")] : [])].join(
          " · ",
        ),
    },
    {
      key: "people",
      header: t("column.people"),
      align: "right",
      cell: ({ people, status }) => (
        <span className="num">{status === "draft" ? "—" : format.integer(people)}</span>
      ),
    },
    {
      key: "mailed",
      header: t("column.mailed"),
      align: "right",
      cell: ({ mailed, toMail }) => (
        <span className="num">
          {toMail === 0
            ? "—"
            : t("mailedOf", { mailed: format.integer(mailed), all: format.integer(toMail) })}
        </span>
      ),
    },
    {
      key: "status",
      header: t("column.status"),
      mobile: "corner",
      cell: (announcement) => <State announcement={announcement} />,
    },
    {
      key: "time",
      header: t("column.time"),
      cell: ({ sentAt, createdAt }) => <Time at={sentAt ?? createdAt} show="dateTime" />,
    },
    {
      key: "acts",
      header: <span className="sr-only">{t("column.acts")}</span>,
      cell: (one) =>
        one.status === "sending" || one.status === "sent" ? (
          <Button
            variant="secondary"
            size="sm"
            aria-label={t("stopOf", { title: titleOf(one) })}
            onClick={() => onStop(one)}
          >
            {t("stop")}
          </Button>
        ) : null,
    },
  ];
  return <Table label={t("title")} columns={columns} rows={announcements} rowKey={({ id }) => id} dense />;
}

function useTitle(): (announcement: AnnouncementJson) => string {
  const locale = useLocale();
  return ({ title }) => (locale.startsWith("zh") ? title.zh : title.en);
}

const tones = { draft: "neutral", sending: "info", sent: "ok", stopped: "neutral" } as const;

function State({ announcement: { status, mailed, leftOut, toMail } }: { announcement: AnnouncementJson }) {
  const t = useTranslations("officeAnnouncements.status");
  return (
    <span className="inline-grid gap-1">
      <Badge tone={tones[status]}>{t(status)}</Badge>
      {status === "sending" && (
        <Progress label={t(status)} value={toMail === 0 ? null : (mailed + leftOut) / toMail} />
      )}
    </span>
  );
}

type StopDialogProps = { stopping: AnnouncementJson | null; onClose: () => void };

function StopDialog({ stopping, onClose }: StopDialogProps) {
  const t = useTranslations("officeAnnouncements");
  const queries = useQueryClient();
  const intention = useIntention();
  const titleOf = useTitle();
  const shown = useLast(stopping);
  if (!shown) return null;
  const title = titleOf(shown);
  const stop = async (reason: string) => {
    const body = { reason };
    await api.post(`/admin/announcements/${shown.id}/stop`, body, {
      idempotencyKey: intention.keyFor({ id: shown.id, ...body }),
    });
    intention.done();
    toast.done(t("stopped", { title }));
    await queries.invalidateQueries({ queryKey: ["office", "announcements"] });
  };
  return (
    <ActDialog
      open={stopping !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("stopTitle", { title })}
      description={t("stopText")}
      act={t("stopAct")}
      danger
      onAct={stop}
    >
      {null}
    </ActDialog>
  );
}
