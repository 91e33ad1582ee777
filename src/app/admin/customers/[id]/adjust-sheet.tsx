"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useDeferredValue, useEffect, useId, useState } from "react";
import type { AdjustmentJson } from "#api/contract";
import { addDays, isDay, startOfDay } from "#format";
import { api, newIdempotencyKey, Problem } from "#ui/api";
import { ActDialog } from "#ui/office/act-dialog";
import { describedBy, Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { Select } from "#ui/primitives/select";
import { toast } from "#ui/primitives/toast";
import { useFormat } from "#ui/use-format";
import { AdjustPreview } from "./adjust-preview";
import { parseCredits } from "./signed-credits";

type AdjustSheetProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  customer: { id: string; name: string; available: number };
};

const sources = ["adjustment", "promo"] as const;
type Source = (typeof sources)[number];

/** Gives or takes credits: what it will come to is asked of the server as one types. */
export function AdjustSheet({ open, onOpenChange, customer }: AdjustSheetProps) {
  const t = useTranslations("officeCustomers.adjust");
  const format = useFormat();
  const router = useRouter();
  const queries = useQueryClient();
  const id = useId();
  const form = useAdjustment(open);
  const { credits, expiresAt, source, expiresPast } = form;
  const wanted = { credits, source, expiresAt: (credits ?? 0) > 0 ? expiresAt : null };
  const ready = credits !== null && !expiresPast;
  const preview = usePreview(customer.id, wanted, open && ready);
  const refused = credits === null ? null : refusalOf(preview.error);
  const wrong = {
    amount:
      form.amount.trim() !== "" && form.amount.trim() !== "-" && credits === null
        ? t("amountWrong")
        : refused === null
          ? undefined
          : t("tooLarge", { limit: format.credits(refused) }),
    expires: expiresPast ? t("expiresPast") : undefined,
  };
  const adjust = async (reason: string) => {
    const options = { idempotencyKey: form.key };
    const body = { ...wanted, reason };
    const done = await api.post<AdjustmentJson>(`/admin/customers/${customer.id}/adjustments`, body, options);
    const moved = format.credits(Math.abs(done.moved));
    toast.done(t(done.asked > 0 ? "given" : "takenDone", { credits: moved }));
    router.refresh();
    await queries.invalidateQueries({ queryKey: ["office"] });
  };
  const size = format.credits(Math.abs(credits ?? 0));
  return (
    <ActDialog
      shape="sheet"
      open={open}
      onOpenChange={onOpenChange}
      title={t("title", { name: customer.name })}
      description={t("text")}
      act={credits === null ? t("act") : t(credits > 0 ? "give" : "take", { credits: size })}
      incomplete={!ready || refused !== null || preview.data?.moved === 0}
      onAct={adjust}
      explain={(error) => {
        const limit = refusalOf(error);
        return limit === null ? null : t("tooLarge", { limit: format.credits(limit) });
      }}
    >
      <Field id={`${id}-amount`} label={t("amount")} hint={t("amountHint")} error={wrong.amount}>
        <Input
          inputMode="text"
          autoComplete="off"
          placeholder="+100"
          value={form.amount}
          onChange={(event) => form.setAmount(event.target.value)}
          className="num"
          {...describedBy(`${id}-amount`, { hint: true, error: wrong.amount })}
        />
      </Field>
      {(credits === null || credits > 0) && (
        <>
          <Field id={`${id}-source`} label={t("source")}>
            <Select
              id={`${id}-source`}
              value={source}
              onChange={(event) => form.setSource(event.target.value)}
              options={sources.map((value) => ({ value, label: t(value) }))}
            />
          </Field>
          <Field
            id={`${id}-expires`}
            label={t("expires")}
            optional
            hint={t("expiresHint", { zone: format.timeZone })}
            error={wrong.expires}
          >
            <Input
              type="date"
              value={form.day}
              onChange={(event) => form.setDay(event.target.value)}
              className="num"
              {...describedBy(`${id}-expires`, { hint: true, error: wrong.expires })}
            />
          </Field>
        </>
      )}
      <AdjustPreview
        available={customer.available}
        adjustment={ready && refused === null ? (preview.data ?? null) : null}
        stale={preview.isPlaceholderData}
        failed={preview.isError && refused === null}
        expiresAt={wanted.expiresAt}
      />
    </ActDialog>
  );
}

/** The sheet's fields; each opening begins anew, with a key of its own. */
function useAdjustment(open: boolean) {
  const { timeZone } = useFormat();
  const [amount, setAmount] = useState("");
  const [source, setSource] = useState<Source>("adjustment");
  const [day, setDay] = useState("");
  const [key, setKey] = useState(newIdempotencyKey);
  useEffect(() => {
    if (!open) return;
    setAmount("");
    setSource("adjustment");
    setDay("");
  }, [open]);
  // Another adjustment is another request, also after one that was refused.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the fields are what makes it another.
  useEffect(() => setKey(newIdempotencyKey()), [open, amount, source, day]);
  // To the end of the day: the last moment that still bears its name.
  const end = isDay(day) ? startOfDay(addDays(day, 1), timeZone).getTime() - 1 : null;
  return {
    ...{ amount, setAmount, source, day, setDay, key },
    credits: parseCredits(amount),
    expiresAt: end === null ? null : new Date(end).toISOString(),
    expiresPast: end !== null && end <= Date.now(),
    setSource: (value: string) => setSource(sources.find((known) => known === value) ?? "adjustment"),
  };
}

function usePreview(
  customerId: string,
  wanted: { credits: number | null; source: Source; expiresAt: string | null },
  enabled: boolean,
) {
  const asked = useDeferredValue(JSON.stringify(wanted));
  return useQuery({
    queryKey: ["office", "adjustment", customerId, asked],
    queryFn: ({ signal }) =>
      api.post<AdjustmentJson>(`/admin/customers/${customerId}/adjustments/preview`, JSON.parse(asked), {
        signal,
      }),
    enabled: enabled && asked === JSON.stringify(wanted),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
  });
}

/** The most that one's role may adjust at once, if that is why it was refused. */
function refusalOf(error: unknown): number | null {
  return error instanceof Problem && error.code === "adjustment_too_large" ? error.number("limit") : null;
}
