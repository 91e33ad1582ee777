"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useDeferredValue, useId, useState } from "react";
import type { GiftNowJson, GiftPreviewJson } from "#api/contract";
import { endOfDay, readCount } from "#format";
import { api, Problem } from "#ui/api";
import { useIntention } from "#ui/intention";
import { ActDialog } from "#ui/office/act-dialog";
import { SegmentPicker, useSegment } from "#ui/office/segment-picker";
import { Button } from "#ui/primitives/button";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { describedBy, Field } from "#ui/primitives/field";
import { Input } from "#ui/primitives/input";
import { toast } from "#ui/primitives/toast";
import { useFormat } from "#ui/use-format";
import { GiftPreview } from "./gift-preview";

/** The segment above; what each person of it gets, and what that comes to, below. */
export function NewGift() {
  const t = useTranslations("officeGifts");
  const adjust = useTranslations("officeCustomers.adjust");
  const format = useFormat();
  const id = useId();
  const filter = useSegment();
  const [form, setForm] = useState({ name: "", credits: "", day: "" });
  const [tried, setTried] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const credits = readCount(form.credits);
  const expires = endOfDay(form.day, format.timeZone);
  const preview = useGiftPreview(credits, filter);
  const wrong = {
    name: tried && form.name.trim() === "" ? t("nameMissing") : undefined,
    credits: credits === null && (tried || form.credits !== "") ? t("creditsWrong") : undefined,
    day: expires.past ? adjust("expiresPast") : undefined,
  };
  const ready = preview.data !== undefined && !preview.isError && !preview.isPlaceholderData;
  const go = () => {
    setTried(true);
    if (form.name.trim() !== "" && credits !== null && !expires.past) setConfirming(true);
  };
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  return (
    <div className="grid gap-5">
      <Card aria-labelledby={`${id}-who`}>
        <CardHeader id={`${id}-who`} title={t("who")} />
        <CardBody>
          <SegmentPicker path="/admin/gifts/new" />
        </CardBody>
      </Card>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]">
        <Card>
          <CardBody className="grid gap-4 pt-4 sm:pt-5">
            <Field id={`${id}-name`} label={t("name")} hint={t("nameHint")} error={wrong.name}>
              <Input
                value={form.name}
                maxLength={80}
                autoComplete="off"
                onChange={({ target }) => set({ name: target.value })}
                {...describedBy(`${id}-name`, { hint: true, error: wrong.name })}
              />
            </Field>
            <div className="grid items-start gap-4 sm:grid-cols-2">
              <Field id={`${id}-credits`} label={t("credits")} error={wrong.credits}>
                <Input
                  inputMode="numeric"
                  autoComplete="off"
                  value={form.credits}
                  onChange={({ target }) => set({ credits: target.value })}
                  className="num"
                  {...describedBy(`${id}-credits`, { error: wrong.credits })}
                />
              </Field>
              <Field
                id={`${id}-day`}
                label={adjust("expires")}
                optional
                hint={adjust("expiresHint", { zone: format.timeZone })}
                error={wrong.day}
              >
                <Input
                  type="date"
                  value={form.day}
                  onChange={({ target }) => set({ day: target.value })}
                  className="num"
                  {...describedBy(`${id}-day`, { hint: true, error: wrong.day })}
                />
              </Field>
            </div>
          </CardBody>
        </Card>
        <GiftPreview
          query={preview}
          asked={credits !== null}
          action={
            <Button onClick={go} disabled={!ready || preview.data?.people === 0}>
              {t("confirm")}
            </Button>
          }
        />
      </div>
      {preview.data && credits !== null && (
        <ConfirmDialog
          open={confirming}
          onOpenChange={setConfirming}
          preview={preview.data}
          gift={{ name: form.name.trim(), credits, expiresAt: expires.at, filter }}
        />
      )}
    </div>
  );
}

function useGiftPreview(credits: number | null, filter: Record<string, string>) {
  const asked = useDeferredValue(JSON.stringify({ credits, filter }));
  return useQuery({
    queryKey: ["office", "gift-preview", asked],
    queryFn: ({ signal }) => api.post<GiftPreviewJson>("/admin/gifts/preview", JSON.parse(asked), { signal }),
    enabled: credits !== null && asked === JSON.stringify({ credits, filter }),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
  });
}

type ConfirmDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  preview: GiftPreviewJson;
  gift: { name: string; credits: number; expiresAt: string | null; filter: Record<string, string> };
};

function ConfirmDialog({ open, onOpenChange, preview, gift }: ConfirmDialogProps) {
  const t = useTranslations("officeGifts");
  const format = useFormat();
  const router = useRouter();
  const queries = useQueryClient();
  const intention = useIntention();
  const { people, total } = preview;
  const give = async (reason: string) => {
    const body = { ...gift, people, reason };
    try {
      const made = await api.post<GiftNowJson>("/admin/gifts", body, {
        idempotencyKey: intention.keyFor(body),
      });
      intention.done();
      toast.done(t("begun", { name: gift.name }));
      router.push(`/admin/gifts?gift=${made.id}`);
    } finally {
      await queries.invalidateQueries({ queryKey: ["office"] });
    }
  };
  const sums = { each: format.credits(gift.credits), total: format.credits(total) };
  return (
    <ActDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("confirmTitle", { count: people })}
      description={t("confirmText", sums)}
      act={t("act", sums)}
      onAct={give}
      explain={(error) =>
        error instanceof Problem && error.code === "segment_changed" ? t("changed") : null
      }
    >
      {null}
    </ActDialog>
  );
}
