"use client";

import { useTranslations } from "next-intl";
import { Amount } from "#ui/credits/amount";
import { MonoId, Time } from "#ui/data/cells";
import { DayFilter, FilterBar, SearchFilter, SelectFilter } from "#ui/data/filter-bar";
import { Pager } from "#ui/data/pager";
import { type Column, Table, TableSkeleton } from "#ui/data/table";
import { type RunStatus, Status } from "#ui/primitives/badge";
import { Card } from "#ui/primitives/card";
import { Empty, NoMatch } from "#ui/state/states";
import { Sample, type SamplesProps } from "./sample";

type Row = { id: string; tool: string; status: RunStatus; credits: number; at: string };

const rows: readonly Row[] = [
  {
    id: "run_01kaqtwsvf3h5m8w9z0x1c2v3b",
    tool: "Upscale an image",
    status: "succeeded",
    credits: -8,
    at: "2026-11-24T00:20:00Z",
  },
  {
    id: "run_01kaqtwsvf3h5m8w9z0x1c2v3c",
    tool: "Read text from images",
    status: "failed",
    credits: 0,
    at: "2026-11-23T18:02:00Z",
  },
  {
    id: "run_01kaqtwsvf3h5m8w9z0x1c2v3d",
    tool: "Convert and compress images",
    status: "running",
    credits: -1,
    at: "2026-10-02T09:10:00Z",
  },
];

const filters = ["uiSearch", "uiStatus", "uiFrom"] as const;

export function DataSamples(_: SamplesProps) {
  const t = useTranslations("devUi");
  const columns: readonly Column<Row>[] = [
    { key: "tool", header: t("tool"), cell: (row) => row.tool, mobile: "title" },
    { key: "status", header: t("status"), cell: (row) => <Status status={row.status} />, mobile: "line" },
    {
      key: "id",
      header: t("id"),
      cell: (row) => <MonoId id={row.id} label={t("id")} short />,
      mobile: "none",
    },
    { key: "at", header: t("when"), cell: (row) => <Time at={row.at} />, mobile: "line" },
    {
      key: "credits",
      header: t("amount"),
      align: "right",
      cell: (row) => <Amount credits={row.credits} signed />,
      mobile: "corner",
    },
  ];
  return (
    <>
      <Sample name="FilterBar">
        <FilterBar names={filters} className="w-full">
          <SearchFilter name="uiSearch" label={t("tool")} />
          <SelectFilter
            name="uiStatus"
            label={t("status")}
            options={[{ value: "failed", label: "failed" }]}
          />
          <DayFilter name="uiFrom" label={t("when")} />
        </FilterBar>
      </Sample>
      <Sample name="Table, Pager" className="grid">
        <Card>
          <Table
            label={t("sections.data")}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            rowHref={(row) => `#${row.id}`}
          />
          <Pager shown={rows.length} hasMore onMore={() => undefined} />
        </Card>
      </Sample>
      <Sample name="loading" className="grid">
        <Card>
          <TableSkeleton columns={4} rows={3} />
        </Card>
      </Sample>
      <Sample name="empty, no match" className="grid sm:grid-cols-2">
        <Card>
          <Empty
            title={t("emptyTitle")}
            text={t("emptyText")}
            sample={<TableSkeleton columns={2} rows={2} />}
          />
        </Card>
        <Card>
          <NoMatch onClear={() => undefined} />
        </Card>
      </Sample>
    </>
  );
}
