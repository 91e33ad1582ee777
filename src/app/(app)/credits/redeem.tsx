"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { RedemptionJson } from "#api/contract";
import { api } from "#ui/api";
import { useIntention } from "#ui/intention";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { describedBy, Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { useProblemText } from "#ui/problem-text";
import { queryKeys } from "#ui/query-keys";
import { useFormat } from "#ui/use-format";

/** Entering a code; what came of it stands beside the field. */
export function Redeem() {
  const t = useTranslations("credits.redeem");
  const format = useFormat();
  const problemText = useProblemText();
  const queries = useQueryClient();
  const [code, setCode] = useState("");
  const intention = useIntention();
  const redeem = useMutation({
    mutationFn: (text: string) =>
      api.post<RedemptionJson>("/redemptions", { code: text }, { idempotencyKey: intention.keyFor(text) }),
    onSuccess: async () => {
      setCode("");
      intention.done();
      await Promise.all([
        queries.invalidateQueries({ queryKey: queryKeys.balance }),
        queries.invalidateQueries({ queryKey: queryKeys.entries }),
      ]);
    },
  });
  const [empty, setEmpty] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setEmpty(code.trim() === "");
    if (code.trim() !== "" && !redeem.isPending) redeem.mutate(code);
  };
  const refused = redeem.error ? problemText(redeem.error) : undefined;
  const error = empty ? t("empty") : refused;
  return (
    <Card className="p-4 sm:p-5">
      <form onSubmit={submit} noValidate className="grid gap-2">
        <Field id="redeem-code" label={t("label")} error={error}>
          <div className="flex flex-wrap gap-2">
            <Input
              {...describedBy("redeem-code", { error })}
              value={code}
              onChange={({ target }) => {
                setCode(target.value);
                setEmpty(false);
                if (redeem.isError || redeem.isSuccess) redeem.reset();
              }}
              placeholder="XXXX-XXXX-XXXX-XXXX"
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              maxLength={64}
              className="min-w-0 max-w-xs grow font-mono uppercase placeholder:normal-case"
            />
            <Button type="submit" variant="secondary" busy={redeem.isPending}>
              {t("action")}
            </Button>
          </div>
        </Field>
        <p role="status" className="flex items-start gap-1.5 text-13 text-text empty:hidden">
          {redeem.data && (
            <>
              <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
              <span>
                {redeem.data.expiresAt
                  ? t("doneUntil", {
                      credits: format.credits(redeem.data.credits),
                      date: format.date(redeem.data.expiresAt),
                    })
                  : t("done", { credits: format.credits(redeem.data.credits) })}
              </span>
            </>
          )}
        </p>
      </form>
    </Card>
  );
}
