"use client";

import { useQuery } from "@tanstack/react-query";
import { Gift } from "lucide-react";
import { useTranslations } from "next-intl";
import type { GiftJson } from "#api/contract";
import { Time } from "#ui/data/cells";
import { type Column, Table, TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import { SegmentWords } from "#ui/office/segment-words";
import { Card } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";
import { Empty } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { GiftSheet } from "./gift-sheet";
import { GiftStatus } from "./gift-status";
import { giftsQuery, useGiftsState } from "./queries";

/** Gifts, the newest first; those that a job works on show how far it is. */
export function GiftsView() {
  const t = useTranslations("officeGifts");
  const { cursor, gift, open, turn } = useGiftsState();
  const page = useQuery(giftsQuery(cursor));
  return (
    <>
      <Card aria-label={t("title")} aria-busy={page.isPlaceholderData}>
        <QueryState
          query={page}
          failure={t("failure")}
          skeleton={<TableSkeleton columns={6} rows={6} dense />}
        >
          {({ data, nextCursor }) => (
            <>
              {data.length > 0 && <GiftRows gifts={data} onOpen={open} />}
              {data.length === 0 && (
                <Empty icon={<Gift strokeWidth={1.75} />} title={t("empty")} text={t("emptyText")} />
              )}
              <KeyPages label={t("pages")} older={nextCursor} turned={cursor !== null} turn={turn} />
            </>
          )}
        </QueryState>
      </Card>
      <GiftSheet id={gift} onClose={() => open(null)} />
    </>
  );
}

function GiftRows({ gifts, onOpen }: { gifts: readonly GiftJson[]; onOpen: (id: string) => void }) {
  const t = useTranslations("officeGifts");
  const format = useFormat();
  const columns: Column<GiftJson>[] = [
    {
      key: "name",
      header: t("column.name"),
      mobile: "title",
      cell: ({ id, name }) => (
        <button
          type="button"
          className="py-1 text-left font-medium break-words underline-offset-4 hover:underline"
          onClick={() => onOpen(id)}
        >
          {name}
        </button>
      ),
    },
    { key: "who", header: t("column.who"), cell: ({ filter }) => <SegmentWords filter={filter} /> },
    {
      key: "credits",
      header: t("column.credits"),
      align: "right",
      cell: ({ credits }) => <span className="num">{format.integer(credits)}</span>,
    },
    {
      key: "people",
      header: t("column.people"),
      align: "right",
      cell: ({ given, people }) => (
        <span className="num">
          {given === people
            ? format.integer(people)
            : t("peopleGiven", { given: format.integer(given), all: format.integer(people) })}
        </span>
      ),
    },
    {
      key: "status",
      header: t("column.status"),
      mobile: "corner",
      cell: (gift) => <GiftStatus gift={gift} />,
    },
    {
      key: "by",
      header: t("column.by"),
      cell: ({ createdByMail }) => <span className="wrap-anywhere">{createdByMail ?? "—"}</span>,
    },
    {
      key: "time",
      header: t("column.time"),
      cell: ({ createdAt }) => <Time at={createdAt} show="dateTime" />,
    },
  ];
  return <Table label={t("title")} columns={columns} rows={gifts} rowKey={({ id }) => id} dense />;
}
