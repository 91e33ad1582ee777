"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { BillingJson, TopUpChange } from "#api/contract";
import type { Currency } from "#billing/catalogue";
import { minorPlaces, parseMinor, readCount } from "#format";
import { api } from "#ui/api";
import { useCatalogue } from "#ui/billing/on-sale";
import { useBalance } from "#ui/live";
import { Button } from "#ui/primitives/button";
import { describedBy, Field, FieldError } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { Select } from "#ui/primitives/select";
import { toast } from "#ui/primitives/toast";
import { Switch } from "#ui/primitives/toggle";
import { useProblemText } from "#ui/problem-text";
import { queryKeys } from "#ui/query-keys";
import { useFormat } from "#ui/use-format";

const mostBelow = 9_999_999;

type TopUpFormProps = { topUp: BillingJson["topUp"]; currency: Currency; hasCard: boolean };

/** Auto top-up: off by default, with a monthly limit that must be set, its rule said as a sentence. */
export function TopUpForm({ topUp, currency: suggested, hasCard }: TopUpFormProps) {
  const t = useTranslations("billing.topUp");
  const format = useFormat();
  const problemText = useProblemText();
  const queries = useQueryClient();
  const balance = useBalance(undefined);
  const { packs } = useCatalogue();
  const currency = topUp.currency ?? suggested;
  const places = minorPlaces(currency);
  const [enabled, setEnabled] = useState(topUp.enabled);
  const [threshold, setThreshold] = useState(String(topUp.thresholdCredits ?? 100));
  const [packId, setPackId] = useState((packs.find(({ id }) => id === topUp.packId) ?? packs[0])?.id ?? "");
  const [limit, setLimit] = useState(
    topUp.monthlyLimitCents === null ? "" : String(topUp.monthlyLimitCents / 10 ** places),
  );
  const [asked, setAsked] = useState(false);
  const save = useMutation({
    mutationFn: (change: TopUpChange) => api.patch<BillingJson>("/billing/top-up", change),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: queryKeys.billing });
      toast.done(t("saved"));
    },
  });
  const pack = packs.find(({ id }) => id === packId);
  const price = pack?.prices[currency] ?? 0;
  const below = readCount(threshold);
  const limitCents = parseMinor(limit, currency);
  const errors = {
    threshold: below === null || below > mostBelow ? t("thresholdWrong") : undefined,
    limit:
      limitCents === null
        ? t("limitMissing")
        : limitCents < price
          ? t("limitLow", { money: format.money(price, currency) })
          : undefined,
  };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!enabled) return save.mutate({ enabled: false });
    if (errors.threshold || errors.limit || below === null || limitCents === null || !pack) return;
    save.mutate({
      enabled: true,
      thresholdCredits: below,
      packId: pack.id,
      monthlyLimitCents: limitCents,
      currency,
    });
  };
  const shown = asked ? errors : { threshold: undefined, limit: undefined };
  // Saved again it goes on only after another fault than the card's.
  const waits = topUp.paused !== null && topUp.paused.reason !== "other";
  const chargesNow =
    enabled && !waits && below !== null && balance !== undefined && balance.available < below;
  return (
    <form onSubmit={submit} noValidate className="grid gap-5 p-5">
      <Switch
        id="top-up-on"
        label={t("enabled")}
        hint={hasCard ? undefined : t("needsCard")}
        checked={enabled}
        disabled={!hasCard && !enabled}
        onCheckedChange={setEnabled}
      />
      {topUp.paused && (
        <p role="status" className="rounded-field bg-danger-soft px-4 py-3 text-14 text-danger">
          {t(`paused.${topUp.paused.reason}`)}
          {topUp.paused.payUrl && (
            <a href={topUp.paused.payUrl} className="ml-2 font-medium underline underline-offset-4">
              {t("confirm")}
            </a>
          )}
        </p>
      )}
      {topUp.limitReached && (
        <p role="status" className="num rounded-field bg-hold-soft px-4 py-3 text-14">
          {t("limitReached", { date: format.date(topUp.monthEndsAt) })}
        </p>
      )}
      {enabled && (
        <>
          <div className="grid gap-4 sm:grid-cols-3">
            <Field id="threshold" label={t("threshold")} error={shown.threshold}>
              <Input
                {...describedBy("threshold", { error: shown.threshold })}
                inputMode="numeric"
                value={threshold}
                onChange={({ target }) => setThreshold(target.value)}
              />
            </Field>
            <Field id="pack" label={t("pack")}>
              <Select
                id="pack"
                value={packId}
                onChange={({ target }) => setPackId(target.value)}
                options={packs.map(({ id, credits, bonus, prices }) => ({
                  value: id,
                  label: t("packFor", {
                    credits: format.credits(credits + bonus),
                    money: format.money(prices[currency], currency),
                  }),
                }))}
              />
            </Field>
            <Field id="limit" label={t("limit", { currency: currency.toUpperCase() })} error={shown.limit}>
              <Input
                {...describedBy("limit", { error: shown.limit })}
                inputMode="decimal"
                value={limit}
                onChange={({ target }) => setLimit(target.value)}
              />
            </Field>
          </div>
          {pack && !errors.threshold && !errors.limit && (
            <p className="num rounded-field bg-sunken px-4 py-3 text-14">
              {t("rule", {
                threshold: format.credits(below ?? 0),
                credits: format.credits(pack.credits + pack.bonus),
                money: format.money(price, currency),
                limit: format.money(limitCents ?? 0, currency),
              })}
              {chargesNow && ` ${t("chargesNow")}`}
            </p>
          )}
          <p className="num text-13 text-text-3">
            {t("spent", { money: format.money(topUp.spentThisMonthCents, currency) })}
          </p>
        </>
      )}
      <div className="grid gap-2">
        <Button
          type="submit"
          busy={save.isPending}
          // Off, and it cannot be switched on: there is nothing to save.
          disabled={!enabled && !topUp.enabled}
          className="justify-self-start"
        >
          {t("save")}
        </Button>
        <FieldError id="top-up" error={save.error ? problemText(save.error) : undefined} />
      </div>
    </form>
  );
}
