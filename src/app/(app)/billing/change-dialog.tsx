"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryStates } from "nuqs";
import type { BillingJson, PlanChangeJson, PlanChangePreviewJson } from "#api/contract";
import { intervals, planIds } from "#billing/catalogue";
import { api, Problem } from "#ui/api";
import { useCatalogue } from "#ui/billing/on-sale";
import { useIntention } from "#ui/intention";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { Field, FieldError } from "#ui/primitives/field";
import { Select } from "#ui/primitives/select";
import { Skeleton } from "#ui/primitives/skeleton";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { queryKeys } from "#ui/query-keys";
import { Failure } from "#ui/state/states";
import { useFormat } from "#ui/use-format";
import { PortalButton } from "./portal-button";

const sold = ["pro", "premium", "enterprise"] as const;

/** Another plan or interval, with what is due today and what comes next, before it is done. */
export function ChangeDialog({ billing }: { billing: BillingJson }) {
  const t = useTranslations("billing.change");
  const names = useTranslations("pricing.plan");
  const [state, setState] = useQueryStates({
    change: parseAsStringLiteral(sold),
    interval: parseAsStringLiteral(intervals),
  });
  const { plans } = useCatalogue();
  const own = billing.subscription;
  if (!own) return null;
  const onSale = sold.filter((id) => id === billing.plan.id || plans.some((plan) => plan.id === id));
  const planId = state.change ?? other(billing);
  const interval = state.interval ?? own.interval;
  const same = planId === billing.plan.id && interval === own.interval;
  const close = () => setState({ change: null, interval: null });
  return (
    <Dialog
      open={state.change !== null}
      onOpenChange={(open) => (open ? setState({ change: planId, interval }) : close())}
      trigger={<Button variant="secondary">{t("action")}</Button>}
      title={t("title")}
    >
      <div className="grid gap-5">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id="change-plan" label={t("plan")}>
            <Select
              id="change-plan"
              value={planId}
              onChange={({ target }) => setState({ change: sold.find((id) => id === target.value) ?? null })}
              options={onSale.map((id) => ({ value: id, label: names(id) }))}
            />
          </Field>
          <Field id="change-interval" label={t("interval")}>
            <Select
              id="change-interval"
              value={interval}
              onChange={({ target }) =>
                setState({ interval: intervals.find((name) => name === target.value) ?? null })
              }
              options={intervals.map((name) => ({ value: name, label: t(name) }))}
            />
          </Field>
        </div>
        {same ? (
          <p className="text-14 text-text-2">{t("same")}</p>
        ) : (
          state.change !== null && (
            <Preview key={`${planId}-${interval}`} planId={planId} interval={interval} onDone={close} />
          )
        )}
      </div>
    </Dialog>
  );
}

/** The plan above one's own, or the one below the largest. */
function other({ plan }: BillingJson): (typeof sold)[number] {
  const position = planIds.indexOf(plan.id);
  return sold.find((id) => planIds.indexOf(id) > position) ?? "premium";
}

type Target = { planId: (typeof sold)[number]; interval: (typeof intervals)[number] };

function Preview({ planId, interval, onDone }: Target & { onDone: () => void }) {
  const t = useTranslations("billing.change");
  const card = useTranslations("billing.card");
  const format = useFormat();
  const problemText = useProblemText();
  const queries = useQueryClient();
  const preview = useQuery({
    queryKey: [...queryKeys.billing, "preview", planId, interval],
    queryFn: ({ signal }) =>
      api.post<PlanChangePreviewJson>("/billing/plan-change/preview", { planId, interval }, { signal }),
    staleTime: 0,
  });
  const intention = useIntention();
  const change = useMutation({
    mutationFn: (target: Target & { priceId: string }) =>
      api.post<PlanChangeJson>("/billing/plan-change", target, { idempotencyKey: intention.keyFor(target) }),
    onError: (error) => {
      if (error instanceof Problem && error.code === "price_changed") void preview.refetch();
    },
    onSuccess: async ({ state, payUrl }) => {
      if (state === "payment_needed" && payUrl) return window.location.assign(payUrl);
      await queries.invalidateQueries({ queryKey: queryKeys.billing });
      onDone();
      toast.done(t(state === "scheduled" ? "scheduled" : "done"));
    },
  });
  if (preview.isError) {
    return <Failure error={preview.error} title={t("failed")} onRetry={() => void preview.refetch()} />;
  }
  if (!preview.data) return <Skeleton className="h-40 rounded-card" />;
  const { priceId, kind, dueNowCents, currency, lines, creditsNow, renewal, effectiveAt } = preview.data;
  const due = format.money(dueNowCents, currency);
  return (
    <div className="grid gap-4">
      <dl className="num grid gap-2 rounded-card border border-line p-4 text-14">
        {lines.map((line) => (
          <div key={line.description} className="flex justify-between gap-4 text-13 text-text-2">
            <dt>{line.description}</dt>
            <dd>{format.money(line.amountCents, currency)}</dd>
          </div>
        ))}
        <div className="flex justify-between gap-4 border-line font-semibold not-first:border-t not-first:pt-2">
          <dt>{t("dueToday")}</dt>
          <dd>{due}</dd>
        </div>
        {creditsNow > 0 && (
          <div className="flex justify-between gap-4">
            <dt>{t("creditsNow")}</dt>
            <dd>{format.credits(creditsNow)}</dd>
          </div>
        )}
        <div className="flex justify-between gap-4 text-text-2">
          <dt>{t("renewal", { date: format.date(renewal.at) })}</dt>
          <dd>{format.money(renewal.amountCents, renewal.currency)}</dd>
        </div>
      </dl>
      <p className="num text-13 text-text-2">
        {t(kind === "upgrade" ? "upgradeText" : "downgradeText", { date: format.date(effectiveAt) })}
      </p>
      <Button
        busy={change.isPending}
        onClick={() => change.mutate({ planId, interval, priceId })}
        className="justify-self-start"
      >
        {kind === "upgrade" ? t("pay", { money: due }) : t("schedule")}
      </Button>
      <FieldError id="change" error={change.error ? problemText(change.error) : undefined} />
      {change.error instanceof Problem && change.error.code === "card_missing" && (
        <PortalButton>{card("add")}</PortalButton>
      )}
    </div>
  );
}
