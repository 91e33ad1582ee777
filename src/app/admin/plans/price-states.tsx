"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { CatalogueOfficeJson } from "#api/contract";
import { api } from "#ui/api";
import { type Column, Table } from "#ui/data/table";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card, CardHeader } from "#ui/primitives/card";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";

type Row = CatalogueOfficeJson["prices"][number];
const tones = { synced: "neutral", waiting: "info", failed: "danger" } as const;

/** The prices on sale that Stripe has not, all of them if one asks, and another try where it refused. */
export function PriceStates({ office, mayChange }: { office: CatalogueOfficeJson; mayChange: boolean }) {
  const t = useTranslations("officePlans");
  const format = useFormat();
  const problemText = useProblemText();
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: () => api.post("/admin/catalogue/sync"),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["office", "catalogue"] }),
    onError: (error) => toast.failure(problemText(error)),
  });
  const [all, setAll] = useState(false);
  const open = office.prices.filter(({ state }) => state !== "synced");
  const rows = all ? office.prices : open;
  const columns: Column<Row>[] = [
    {
      key: "key",
      header: t("column.price"),
      mobile: "title",
      cell: ({ lookupKey }) => <code className="text-12 wrap-anywhere">{lookupKey}</code>,
    },
    {
      key: "state",
      header: t("column.state"),
      cell: ({ state }) => <Badge tone={tones[state]}>{t(`sync.${state}`)}</Badge>,
    },
    {
      key: "error",
      header: t("column.error"),
      cell: ({ error }) => <span className="text-12 break-words text-text-2">{error ?? "—"}</span>,
    },
    {
      key: "amount",
      header: t("column.amount"),
      align: "right",
      mobile: "corner",
      cell: ({ amountCents, currency }) => format.money(amountCents, currency),
    },
  ];
  return (
    <Card aria-labelledby="prices-in-stripe">
      <CardHeader
        id="prices-in-stripe"
        title={t("stripe")}
        hint={
          office.sells
            ? t("stripeHint", { synced: office.prices.length - open.length, count: office.prices.length })
            : t("stripeOff")
        }
        action={
          <div className="flex flex-wrap justify-end gap-2">
            <Button variant="quiet" size="sm" aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? t("showOpen") : t("showAll", { count: office.prices.length })}
            </Button>
            {mayChange && office.sells && (
              <Button variant="secondary" size="sm" busy={retry.isPending} onClick={() => retry.mutate()}>
                <RotateCw aria-hidden="true" strokeWidth={1.75} />
                {t("retry")}
              </Button>
            )}
          </div>
        }
      />
      {rows.length > 0 && (
        <Table
          label={t("stripe")}
          columns={columns}
          rows={rows}
          rowKey={({ lookupKey }) => lookupKey}
          dense
        />
      )}
    </Card>
  );
}
