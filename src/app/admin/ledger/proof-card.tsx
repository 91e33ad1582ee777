"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, Scale, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReconciliationJson } from "#api/contract";
import { dayOf } from "#format";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { useMinute } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { type LastReconciliations, ledgerKey } from "./queries";

/** Whether the books are right, since when one knows, and a button that finds out anew. */
export function ProofCard({ last, mayProve }: { last: LastReconciliations; mayProve: boolean }) {
  const t = useTranslations("office.ledger.proof");
  const format = useFormat();
  const { latest, done } = last;
  const waiting = latest?.status === "waiting";
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-4 px-4 py-4 sm:px-5">
      <div className="flex min-w-0 items-start gap-3">
        <Sign done={done} />
        <div className="grid min-w-0 gap-1">
          <h2 className="text-18 font-semibold text-text" data-testid="proof" aria-live="polite">
            <Sentence done={done} />
          </h2>
          <p className="num text-13 text-text-2">
            {done?.asOf
              ? t("facts", {
                  accounts: done.accounts ?? 0,
                  entries: done.entries ?? 0,
                  zone: format.timeZone,
                })
              : t("noneYetText")}
          </p>
          {latest?.status === "failed" && (
            <p role="alert" className="text-13 text-danger">
              {t("failed", {
                time: format.dateTime(latest.endedAt ?? latest.createdAt),
                error: latest.error ?? "",
              })}
            </p>
          )}
        </div>
      </div>
      {mayProve ? (
        <Prove waiting={waiting} />
      ) : (
        <span className="text-13 text-text-3">{t(waiting ? "running" : "adminsProve")}</span>
      )}
    </div>
  );
}

function Sign({ done }: { done: ReconciliationJson | null }) {
  if (!done)
    return <Scale aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-text-3" strokeWidth={1.75} />;
  return done.findingCount === 0 ? (
    <CircleCheck aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-ok" strokeWidth={1.75} />
  ) : (
    <TriangleAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-danger" strokeWidth={1.75} />
  );
}

/** "0 differences at 14:05", with the day once it is over. */
function Sentence({ done }: { done: ReconciliationJson | null }) {
  const t = useTranslations("office.ledger.proof");
  const format = useFormat();
  const now = useMinute();
  if (!done?.asOf) return t("noneYet");
  const sameDay = now && dayOf(now, format.timeZone) === dayOf(new Date(done.asOf), format.timeZone);
  return t("differences", {
    count: done.findingCount ?? 0,
    time: sameDay ? format.hour(done.asOf) : format.dateTime(done.asOf),
  });
}

function Prove({ waiting }: { waiting: boolean }) {
  const t = useTranslations("office.ledger.proof");
  const problemText = useProblemText();
  const queries = useQueryClient();
  const prove = useMutation({
    mutationFn: () => api.post<ReconciliationJson>("/admin/reconciliations"),
    onSuccess: () => queries.invalidateQueries({ queryKey: [...ledgerKey, "last"] }),
    onError: (error) => toast.failure(problemText(error)),
  });
  const busy = waiting || prove.isPending;
  return (
    <div className="flex items-center">
      <span role="status" className="text-13 text-text-2 not-empty:pr-3">
        {waiting && t("running")}
      </span>
      <Button variant="secondary" busy={busy} onClick={() => prove.mutate()}>
        {t("run")}
      </Button>
    </div>
  );
}
