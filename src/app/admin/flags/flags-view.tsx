"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Flag, Pencil, Plus, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { FlagJson } from "#api/contract";
import { planIds } from "#billing/catalogue";
import { api } from "#ui/api";
import { Time } from "#ui/data/cells";
import { type Column, Table, TableSkeleton } from "#ui/data/table";
import { useIntention } from "#ui/intention";
import { ActDialog } from "#ui/office/act-dialog";
import { useLast } from "#ui/office/use-last";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card, CardHeader } from "#ui/primitives/card";
import { IconButton } from "#ui/primitives/icon-button";
import { toast } from "#ui/primitives/toast";
import { QueryState } from "#ui/state/query-state";
import { Empty } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { FlagDialog } from "./flag-dialog";

const flagsKey = ["office", "flags"] as const;

/** All flags, and the sheet that makes or changes one. */
export function FlagsView() {
  const t = useTranslations("officeFlags");
  const [editing, setEditing] = useState<FlagJson | "new" | null>(null);
  const [deleting, setDeleting] = useState<FlagJson | null>(null);
  const page = useQuery({
    queryKey: flagsKey,
    queryFn: ({ signal }) => api.get<{ data: FlagJson[] }>("/admin/flags", { signal }),
  });
  return (
    <>
      <Card aria-labelledby="flags">
        <CardHeader
          id="flags"
          title={t("title")}
          action={
            <Button size="sm" onClick={() => setEditing("new")}>
              <Plus aria-hidden="true" strokeWidth={1.75} />
              {t("new")}
            </Button>
          }
        />
        <div className="border-t border-line">
          <QueryState
            query={page}
            failure={t("failure")}
            skeleton={<TableSkeleton columns={4} rows={4} dense />}
          >
            {({ data }) =>
              data.length === 0 ? (
                <Empty icon={<Flag strokeWidth={1.75} />} title={t("empty")} text={t("emptyText")} />
              ) : (
                <FlagRows flags={data} onEdit={setEditing} onDelete={setDeleting} />
              )
            }
          </QueryState>
        </div>
      </Card>
      {editing && <FlagDialog flag={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
      <DeleteDialog deleting={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

const tones = { off: "neutral", on: "ok", rules: "info" } as const;

type FlagRowsProps = {
  flags: readonly FlagJson[];
  onEdit: (flag: FlagJson) => void;
  onDelete: (flag: FlagJson) => void;
};

function FlagRows({ flags, onEdit, onDelete }: FlagRowsProps) {
  const t = useTranslations("officeFlags");
  const whom = useWhom();
  const columns: Column<FlagJson>[] = [
    {
      key: "key",
      header: t("column.key"),
      mobile: "title",
      cell: ({ key, text }) => (
        <span className="grid py-1.5">
          <code className="font-mono text-13 font-medium break-all">{key}</code>
          {text && <span className="text-12 break-words text-text-3">{text}</span>}
        </span>
      ),
    },
    {
      key: "state",
      header: t("column.state"),
      mobile: "corner",
      cell: ({ state }) => <Badge tone={tones[state]}>{t(`badge.${state}`)}</Badge>,
    },
    { key: "whom", header: t("column.whom"), cell: whom },
    {
      key: "time",
      header: t("column.time"),
      cell: ({ updatedAt }) => <Time at={updatedAt} show="dateTime" />,
    },
    {
      key: "acts",
      header: <span className="sr-only">{t("column.acts")}</span>,
      align: "right",
      cell: (flag) => (
        <span className="flex justify-end">
          <IconButton
            size="sm"
            label={t("edit", { key: flag.key })}
            icon={<Pencil strokeWidth={1.75} />}
            onClick={() => onEdit(flag)}
          />
          <IconButton
            size="sm"
            label={t("delete", { key: flag.key })}
            icon={<Trash2 strokeWidth={1.75} />}
            onClick={() => onDelete(flag)}
          />
        </span>
      ),
    },
  ];
  return <Table label={t("title")} columns={columns} rows={flags} rowKey={({ key }) => key} dense />;
}

/** "25% of Pro, Premium · 2 people". */
function useWhom(): (flag: FlagJson) => string {
  const t = useTranslations("officeFlags");
  const plans = useTranslations("pricing.plan");
  const format = useFormat();
  return ({ state, plans: named, percent, people }) => {
    if (state !== "rules") return t(state);
    const names = planIds.filter((id) => named.includes(id)).map((id) => plans(id));
    const who = names.length > 0 ? names.join(", ") : t("everyPlan");
    const parts = [
      ...(percent > 0 ? [t("share", { percent: format.percent(percent / 100), plans: who })] : []),
      ...(people.length > 0 ? [t("persons", { count: people.length })] : []),
    ];
    return parts.length > 0 ? parts.join(" · ") : t("nobody");
  };
}

type DeleteDialogProps = { deleting: FlagJson | null; onClose: () => void };

function DeleteDialog({ deleting, onClose }: DeleteDialogProps) {
  const t = useTranslations("officeFlags");
  const queries = useQueryClient();
  const intention = useIntention();
  const shown = useLast(deleting);
  if (!shown) return null;
  const { key } = shown;
  const remove = async (reason: string) => {
    const body = { reason };
    await api.post(`/admin/flags/${key}/delete`, body, {
      idempotencyKey: intention.keyFor({ key, ...body }),
    });
    intention.done();
    toast.done(t("deleted", { key }));
    await queries.invalidateQueries({ queryKey: flagsKey });
  };
  return (
    <ActDialog
      open={deleting !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("deleteTitle", { key })}
      description={t("deleteText")}
      act={t("deleteAct")}
      danger
      onAct={remove}
    >
      {null}
    </ActDialog>
  );
}
