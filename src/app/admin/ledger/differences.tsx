"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReconciliationJson } from "#api/contract";
import { MonoId } from "#ui/data/cells";
import { type Column, Table } from "#ui/data/table";
import { Card, CardHeader } from "#ui/primitives/card";
import { useFormat } from "#ui/use-format";

type Finding = ReconciliationJson["findings"][number] & { place: number };

const invariants = ["L1", "L2", "L3", "L4", "L7", "L8", "L9", "L10", "L11"] as const;

/** What does not add up, account by account. */
export function Differences({ proof }: { proof: ReconciliationJson }) {
  const t = useTranslations("office.ledger.differences");
  const format = useFormat();
  const rows = proof.findings.map((finding, place) => ({ ...finding, place }));
  const accounts = new Set(rows.flatMap(({ accountId }) => accountId ?? [])).size;
  const more = (proof.findingCount ?? 0) - rows.length;
  const columns: Column<Finding>[] = [
    {
      key: "account",
      header: t("account"),
      mobile: "title",
      cell: ({ accountId }) =>
        accountId ? (
          <span className="flex flex-wrap items-center gap-x-2">
            <MonoId id={accountId} label={t("account")} />
            <Link href={`/admin/customers?q=${accountId}`} className="text-12 underline underline-offset-2">
              {t("whose")}
            </Link>
          </span>
        ) : (
          <span>{t("all")}</span>
        ),
    },
    {
      key: "what",
      header: t("what"),
      cell: ({ invariant }) => (
        <span className="max-sm:text-right">
          <span className="font-mono text-12 text-text-3">{invariant}</span> <What invariant={invariant} />
        </span>
      ),
    },
    {
      key: "subject",
      header: t("subject"),
      cell: ({ subject }) => (
        <span className="font-mono text-12 wrap-anywhere text-text-2">{subject ?? "—"}</span>
      ),
    },
    ...(["found", "expected"] as const).map((key) => ({
      key,
      header: t(key),
      align: "right" as const,
      cell: (finding: Finding) => format.integer(finding[key]),
    })),
    {
      key: "difference",
      header: t("difference"),
      align: "right",
      cell: ({ found, expected }) => (
        <span className="font-medium text-danger">{format.signed(found - expected)}</span>
      ),
    },
  ];
  return (
    <Card aria-labelledby="differences" className="border-danger/40">
      <CardHeader id="differences" title={t("title")} hint={t("hint", { accounts })} />
      <div className="max-h-[560px] overflow-auto border-t border-line">
        <Table label={t("title")} columns={columns} rows={rows} rowKey={({ place }) => `${place}`} dense />
      </div>
      <p className="border-t border-line px-4 py-3 text-13 text-text-2 sm:px-5">
        {more > 0 && `${t("more", { count: more })} `}
        {t("next")}
      </p>
    </Card>
  );
}

function What({ invariant }: { invariant: string }) {
  const t = useTranslations("office.ledger.invariant");
  const known = invariants.find((name) => name === invariant);
  return known ? t(known) : null;
}
