"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Archive, ArrowDown, ArrowUp, Pencil, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ModelJson, ProviderJson } from "#api/contract";
import { api } from "#ui/api";
import { type Column, Table } from "#ui/data/table";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card, CardHeader } from "#ui/primitives/card";
import { IconButton } from "#ui/primitives/icon-button";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { queryKeys } from "#ui/query-keys";
import { useFormat } from "#ui/use-format";
import { dollarsOf } from "./cost";
import { ModelDialog } from "./model-dialog";
import { ArchiveDialog } from "./provider-menu";

type ModelsTableProps = { providers: readonly ProviderJson[]; mayChange: boolean };
type Row = ModelJson & { provider: string };
type Chosen = { act: "edit" | "archive"; model: Row };

/** All models in the order in which they are asked, and what each costs the operator. */
export function ModelsTable({ providers, mayChange }: ModelsTableProps) {
  const t = useTranslations("officeModels");
  const format = useFormat();
  const [adding, setAdding] = useState(false);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const cost = (micros: number | null) =>
    micros === null ? <span className="text-text-3">{t("unknown")}</span> : `$${dollarsOf(micros)}`;
  const rows = providers
    .flatMap(({ name, models }) => models.map((model): Row => ({ ...model, provider: name })))
    .toSorted((a, b) => a.position - b.position);
  const columns: Column<Row>[] = [
    {
      key: "model",
      header: t("column.model"),
      mobile: "title",
      cell: (model) => (
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1 py-1.5">
          <span className="font-medium">{model.label}</span>
          {model.label !== model.name && <code className="break-all text-12 text-text-3">{model.name}</code>}
          {!model.enabled && <Badge>{t("state.off")}</Badge>}
        </span>
      ),
    },
    { key: "provider", header: t("column.provider"), cell: ({ provider }) => provider },
    { key: "kind", header: t("column.kind"), cell: ({ kind }) => t(`kind.${kind}`) },
    {
      key: "input",
      header: t("column.input"),
      align: "right",
      cell: ({ kind, inputCost }) => <span className="num">{kind === "image" ? "—" : cost(inputCost)}</span>,
    },
    {
      key: "output",
      header: t("column.output"),
      align: "right",
      cell: ({ kind, outputCost, imageCost }) => (
        <span className="num">{kind === "image" ? cost(imageCost) : cost(outputCost)}</span>
      ),
    },
    {
      key: "context",
      header: t("column.context"),
      align: "right",
      cell: ({ contextTokens }) => (
        <span className="num">{contextTokens === null ? "—" : format.integer(contextTokens)}</span>
      ),
    },
    ...(mayChange
      ? ([
          {
            key: "acts",
            header: <span className="sr-only">{t("column.acts")}</span>,
            align: "right",
            cell: (model) => (
              <span className="flex justify-end">
                <Mover model={model} rows={rows} />
                <IconButton
                  size="sm"
                  label={t("editOf", { name: model.label })}
                  icon={<Pencil strokeWidth={1.75} />}
                  onClick={() => setChosen({ act: "edit", model })}
                />
                <IconButton
                  size="sm"
                  label={t("archiveOf", { name: model.label })}
                  icon={<Archive strokeWidth={1.75} />}
                  onClick={() => setChosen({ act: "archive", model })}
                />
              </span>
            ),
          },
        ] satisfies Column<Row>[])
      : []),
  ];
  return (
    <Card aria-labelledby="models">
      <CardHeader
        id="models"
        title={t("models")}
        hint={t("modelsHint")}
        action={
          mayChange && (
            <Button variant="secondary" size="sm" onClick={() => setAdding(true)}>
              <Plus aria-hidden="true" strokeWidth={1.75} />
              {t("addModel")}
            </Button>
          )
        }
      />
      {rows.length === 0 ? (
        <p className="border-t border-line px-4 py-4 text-13 text-text-2 sm:px-5">{t("noModels")}</p>
      ) : (
        <Table label={t("models")} columns={columns} rows={rows} rowKey={({ id }) => id} />
      )}
      <ModelDialog open={adding} onOpenChange={setAdding} providers={providers} model={null} />
      {chosen && (
        <>
          <ModelDialog
            open={chosen.act === "edit"}
            onOpenChange={(open) => !open && setChosen(null)}
            providers={providers}
            model={chosen.model}
          />
          <ArchiveDialog
            open={chosen.act === "archive"}
            onOpenChange={(open) => !open && setChosen(null)}
            title={t("archiveTitle", { name: chosen.model.label })}
            text={t("archiveModelText")}
            path={`/admin/models/${chosen.model.id}`}
          />
        </>
      )}
    </Card>
  );
}

/** Moves a model by one place. */
function Mover({ model, rows }: { model: Row; rows: readonly Row[] }) {
  const t = useTranslations("officeModels");
  const problemText = useProblemText();
  const queries = useQueryClient();
  const move = useMutation({
    mutationFn: (before: string | null) => {
      const { id, position: _, provider: __, ...fields } = model;
      return api.patch(`/admin/models/${id}`, { ...fields, before });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.providers }),
    onError: (error) => toast.failure(problemText(error)),
  });
  const index = rows.findIndex(({ id }) => id === model.id);
  const [above, below] = [rows[index - 1], rows[index + 1]];
  return (
    <>
      <IconButton
        size="sm"
        label={t("up", { name: model.label })}
        icon={<ArrowUp strokeWidth={1.75} />}
        disabled={move.isPending || !above}
        onClick={() => above && move.mutate(above.id)}
      />
      <IconButton
        size="sm"
        label={t("down", { name: model.label })}
        icon={<ArrowDown strokeWidth={1.75} />}
        disabled={move.isPending || !below}
        onClick={() => below && move.mutate(rows[index + 2]?.id ?? null)}
      />
    </>
  );
}
