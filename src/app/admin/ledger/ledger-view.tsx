"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Card } from "#ui/primitives/card";
import { Skeleton } from "#ui/primitives/skeleton";
import { QueryState } from "#ui/state/query-state";
import { Differences } from "./differences";
import { History } from "./history";
import { MoneyView } from "./money-view";
import { ProofCard } from "./proof-card";
import { lastQuery } from "./queries";

/** The last proof with what it found, the money view of the same moment, and the proofs before. */
export function LedgerView({ mayProve }: { mayProve: boolean }) {
  const t = useTranslations("office.ledger");
  const last = useQuery(lastQuery());
  const done = last.data?.done ?? null;
  const latest = last.data?.latest;
  return (
    <div className="grid gap-6">
      <Card aria-label={t("proof.label")}>
        <QueryState query={last} failure={t("proof.failure")} skeleton={<Skeleton className="m-5 h-16" />}>
          {(known) => <ProofCard last={known} mayProve={mayProve} />}
        </QueryState>
      </Card>
      {done !== null && done.findings.length > 0 && <Differences proof={done} />}
      {last.data && <MoneyView proof={done?.id} />}
      {latest && <History newest={`${latest.id} ${latest.status}`} />}
    </div>
  );
}
