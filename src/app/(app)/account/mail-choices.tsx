"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { MailChoicesJson } from "#api/contract";
import { api } from "#ui/api";
import { toast } from "#ui/primitives/toast";
import { Switch } from "#ui/primitives/toggle";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";

/** Which notices come by mail; each holds as soon as it is chosen. */
export function MailChoices({ initial, lowBalance }: { initial: MailChoicesJson; lowBalance: number }) {
  const t = useTranslations("account.mails");
  const format = useFormat();
  const problemText = useProblemText();
  const [chosen, setChosen] = useState(initial);
  const save = useMutation({
    mutationFn: (change: Partial<MailChoicesJson>) => api.patch<MailChoicesJson>("/me/mail-choices", change),
    onMutate: (change) => setChosen((before) => ({ ...before, ...change })),
    onSuccess: (saved) => {
      setChosen(saved);
      toast.done(t("saved"));
    },
    onError: (error, change) => {
      const undone = Object.fromEntries(Object.entries(change).map(([kind, value]) => [kind, !value]));
      setChosen((before) => ({ ...before, ...undone }));
      toast.failure(problemText(error));
    },
  });
  return (
    <div className="grid gap-5 p-4 sm:p-5">
      <Switch
        id="mail-expiring"
        label={t("expiring")}
        hint={t("expiringHint")}
        checked={chosen.expiring}
        onCheckedChange={(expiring) => save.mutate({ expiring })}
      />
      {lowBalance > 0 && (
        <Switch
          id="mail-low-balance"
          label={t("lowBalance")}
          hint={t("lowBalanceHint", { credits: format.credits(lowBalance) })}
          checked={chosen.lowBalance}
          onCheckedChange={(wanted) => save.mutate({ lowBalance: wanted })}
        />
      )}
      <Switch
        id="mail-news"
        label={t("news")}
        hint={t("newsHint")}
        checked={chosen.news}
        onCheckedChange={(news) => save.mutate({ news })}
      />
    </div>
  );
}
