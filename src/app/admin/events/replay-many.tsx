"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { EventJson } from "#api/contract";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";

type ReplayManyProps = {
  chosen: readonly EventJson[];
  onReplay: (events: readonly EventJson[]) => Promise<void>;
  /** The filter whose failed events may all be replayed; null where that is not what is shown. */
  failed: { type: string | null; customer: string | null } | null;
};

/** Replays what is chosen, or everything of the filter that was given up, by a job. */
export function ReplayMany({ chosen, onReplay, failed }: ReplayManyProps) {
  const t = useTranslations("officeOperations.events");
  const problemText = useProblemText();
  const queries = useQueryClient();
  const onError = (error: unknown) => toast.failure(problemText(error));
  const some = useMutation({ mutationFn: () => onReplay(chosen), onError });
  const all = useMutation({
    mutationFn: ({ type, customer }: NonNullable<ReplayManyProps["failed"]>) =>
      api.post<{ count: number }>("/admin/events/replays", {
        failed: { ...(type && { type }), ...(customer && { customer }) },
      }),
    onSuccess: ({ count }) => {
      toast.done(t("allReplayed", { count }));
      return queries.invalidateQueries({ queryKey: ["office", "events"] });
    },
    onError,
  });
  if (chosen.length === 0 && !failed) return null;
  return (
    <div className="flex flex-wrap items-center justify-end gap-2 border-b border-line px-4 py-2.5">
      {chosen.length > 0 && (
        <Button variant="secondary" size="sm" busy={some.isPending} onClick={() => some.mutate()}>
          {t("replayChosen", { count: chosen.length })}
        </Button>
      )}
      {failed && (
        <Button variant="secondary" size="sm" busy={all.isPending} onClick={() => all.mutate(failed)}>
          {t("replayAll")}
        </Button>
      )}
    </div>
  );
}
