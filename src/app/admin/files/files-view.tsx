"use client";

import { useQuery } from "@tanstack/react-query";
import { FolderOpen } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { StoredFilesJson } from "#api/contract";
import { api } from "#ui/api";
import { type Column, Table, TableSkeleton } from "#ui/data/table";
import { Card, CardHeader } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";
import { Empty } from "#ui/state/states";
import { useFormat } from "#ui/use-format";

/** What is stored: of which kind, whose, and what is deleted when. */
export function FilesView() {
  const t = useTranslations("officeOperations.files");
  const query = useQuery({
    queryKey: ["office", "files"],
    queryFn: ({ signal }) => api.get<StoredFilesJson>("/admin/files", { signal }),
  });
  return (
    <QueryState
      query={query}
      failure={t("failure")}
      skeleton={
        <Card>
          <TableSkeleton columns={3} rows={8} dense />
        </Card>
      }
    >
      {(stored) =>
        stored.kinds.length === 0 ? (
          <Card>
            <Empty icon={<FolderOpen strokeWidth={1.75} />} title={t("empty")} text={t("emptyText")} />
          </Card>
        ) : (
          <Tables stored={stored} />
        )
      }
    </QueryState>
  );
}

type Row = { key: string; name: ReactNode; files: number; bytes: number };

function Tables({ stored: { kinds, owners, expiring } }: { stored: StoredFilesJson }) {
  const t = useTranslations("officeOperations.files");
  const format = useFormat();
  const files = kinds.reduce((sum, kind) => sum + kind.files, 0);
  const bytes = kinds.reduce((sum, kind) => sum + kind.bytes, 0);
  return (
    <div className="grid gap-6">
      <p className="num text-14 text-text" data-testid="stored">
        {t("total", { files, bytes: format.bytes(bytes) })}
      </p>
      <div className="grid items-start gap-6 xl:grid-cols-2">
        <Sums
          title={t("kinds")}
          column={t("column.kind")}
          rows={kinds.map(({ what, mediaType, ...sums }) => ({
            key: `${what} ${mediaType}`,
            name: (
              <>
                {t(`what.${what}`)} <code className="text-12 wrap-anywhere text-text-2">{mediaType}</code>
              </>
            ),
            ...sums,
          }))}
        />
        <Sums
          title={t("owners")}
          column={t("column.owner")}
          rows={owners.map(({ customerId, customerMail, ...sums }) => ({
            key: customerId ?? "visitors",
            name: customerId ? (
              <Link
                href={`/admin/customers/${customerId}`}
                className="wrap-anywhere underline-offset-4 hover:underline"
              >
                {customerMail}
              </Link>
            ) : (
              <span className="text-text-2">{t("visitors")}</span>
            ),
            ...sums,
          }))}
        />
        <Sums
          title={t("expiring")}
          column={t("column.day")}
          rows={expiring.map(({ day, ...sums }) => ({
            key: day,
            // A day without a zone.
            name: format.date(`${day}T12:00:00Z`),
            ...sums,
          }))}
        />
      </div>
    </div>
  );
}

function Sums({ title, column, rows }: { title: string; column: string; rows: readonly Row[] }) {
  const t = useTranslations("officeOperations.files");
  const format = useFormat();
  const columns: Column<Row>[] = [
    { key: "name", header: column, mobile: "title", cell: ({ name }) => name },
    { key: "files", header: t("column.files"), align: "right", cell: (row) => format.integer(row.files) },
    {
      key: "bytes",
      header: t("column.bytes"),
      align: "right",
      mobile: "corner",
      cell: (row) => format.bytes(row.bytes),
    },
  ];
  return (
    <Card aria-label={title}>
      <CardHeader title={title} />
      <Table label={title} columns={columns} rows={rows} rowKey={({ key }) => key} dense />
    </Card>
  );
}
