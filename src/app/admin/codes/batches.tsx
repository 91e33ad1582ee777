"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, Ticket } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { CodeBatchJson } from "#api/contract";
import { Time } from "#ui/data/cells";
import { type Column, Table, TableSkeleton } from "#ui/data/table";
import { KeyPages } from "#ui/office/key-pages";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card, CardHeader } from "#ui/primitives/card";
import { QueryState } from "#ui/state/query-state";
import { Empty, useMinute } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { BatchDialog } from "./batch-dialog";
import { EndDialog } from "./end-dialog";
import { batchesQuery } from "./queries";

type ListProps = { cursor: string | null; turn: (cursor: string | null) => void };

/** Batches of redeem codes, with how often they were redeemed. */
export function Batches({ cursor, turn }: ListProps) {
  const t = useTranslations("officeCodes");
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<CodeBatchJson | null>(null);
  const page = useQuery(batchesQuery(cursor));
  return (
    <>
      <Card aria-labelledby="batches" aria-busy={page.isPlaceholderData}>
        <CardHeader
          id="batches"
          title={t("tab.redeem")}
          action={
            <Button size="sm" onClick={() => setMaking(true)}>
              <Plus aria-hidden="true" strokeWidth={1.75} />
              {t("batch.new")}
            </Button>
          }
        />
        <div className="border-t border-line">
          <QueryState
            query={page}
            failure={t("batch.failure")}
            skeleton={<TableSkeleton columns={7} rows={6} dense />}
          >
            {({ data, nextCursor }) => (
              <>
                {data.length > 0 && <BatchRows batches={data} onEnd={setEnding} />}
                {data.length === 0 && (
                  <Empty
                    icon={<Ticket strokeWidth={1.75} />}
                    title={t("batch.empty")}
                    text={t("batch.emptyText")}
                  />
                )}
                <KeyPages label={t("batch.pages")} older={nextCursor} turned={cursor !== null} turn={turn} />
              </>
            )}
          </QueryState>
        </div>
      </Card>
      <BatchDialog open={making} onOpenChange={setMaking} />
      <EndDialog kind="batch" ending={ending} onClose={() => setEnding(null)} />
    </>
  );
}

type BatchRowsProps = { batches: readonly CodeBatchJson[]; onEnd: (batch: CodeBatchJson) => void };

function BatchRows({ batches, onEnd }: BatchRowsProps) {
  const t = useTranslations("officeCodes");
  const format = useFormat();
  const now = useMinute();
  const columns: Column<CodeBatchJson>[] = [
    {
      key: "name",
      header: t("batch.column.name"),
      mobile: "title",
      cell: ({ name, oncePerPerson }) => (
        <span className="flex flex-wrap items-center gap-x-2 py-1">
          <span className="break-words font-medium">{name}</span>
          {oncePerPerson && <span className="text-12 text-text-3">{t("batch.oncePerPerson")}</span>}
        </span>
      ),
    },
    {
      key: "codes",
      header: t("batch.column.codes"),
      align: "right",
      cell: ({ codes, uses }) => (
        <span className="num">
          {uses === 1
            ? format.integer(codes)
            : t("batch.perCode", { codes: format.integer(codes), uses: format.integer(uses) })}
        </span>
      ),
    },
    {
      key: "credits",
      header: t("batch.column.credits"),
      align: "right",
      cell: ({ credits }) => <span className="num">{format.integer(credits)}</span>,
    },
    {
      key: "used",
      header: t("batch.column.used"),
      align: "right",
      cell: ({ used }) => <span className="num">{format.integer(used)}</span>,
    },
    {
      key: "left",
      header: t("batch.column.left"),
      align: "right",
      cell: (batch) => <span className="num">{format.integer(leftOf(batch, now))}</span>,
    },
    {
      key: "until",
      header: t("batch.column.until"),
      cell: ({ expiresAt }) =>
        expiresAt ? <Time at={expiresAt} show="date" /> : <span className="text-text-3">{t("never")}</span>,
    },
    {
      key: "state",
      header: t("batch.column.state"),
      mobile: "corner",
      cell: (batch) => <BatchState batch={batch} now={now} />,
    },
    {
      key: "by",
      header: t("batch.column.by"),
      cell: ({ createdByMail }) => (
        <span className="wrap-anywhere">{createdByMail ?? t("batch.terminal")}</span>
      ),
    },
    {
      key: "time",
      header: t("batch.column.time"),
      cell: ({ createdAt }) => <Time at={createdAt} show="dateTime" />,
    },
    {
      key: "end",
      header: <span className="sr-only">{t("end")}</span>,
      cell: (batch) =>
        stateOf(batch, now) === "live" ? (
          <Button
            variant="secondary"
            size="sm"
            aria-label={t("endOf", { name: batch.name })}
            onClick={() => onEnd(batch)}
          >
            {t("end")}
          </Button>
        ) : null,
    },
  ];
  return <Table label={t("tab.redeem")} columns={columns} rows={batches} rowKey={({ id }) => id} dense />;
}

type State = "live" | "ended" | "expired" | "usedUp";

function stateOf({ endedAt, expiresAt, used, codes, uses }: CodeBatchJson, now: Date | null): State {
  if (endedAt) return "ended";
  if (used >= codes * uses) return "usedUp";
  return expiresAt && now && new Date(expiresAt) <= now ? "expired" : "live";
}

/** How often its codes can still be redeemed. */
function leftOf(batch: CodeBatchJson, now: Date | null): number {
  return stateOf(batch, now) === "live" ? batch.codes * batch.uses - batch.used : 0;
}

function BatchState({ batch, now }: { batch: CodeBatchJson; now: Date | null }) {
  const t = useTranslations("officeCodes.state");
  const state = stateOf(batch, now);
  return <Badge tone={state === "live" ? "ok" : "neutral"}>{t(state)}</Badge>;
}
