"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { PromotionJson } from "#api/contract";
import { endOfDay, readCount } from "#format";
import { api, Problem } from "#ui/api";
import { useIntention } from "#ui/intention";
import { ActDialog } from "#ui/office/act-dialog";
import { TextField } from "#ui/office/text-field";
import { toast } from "#ui/primitives/toast";
import { Checkbox } from "#ui/primitives/toggle";
import { useFormat } from "#ui/use-format";
import {
  DiscountFields,
  type DiscountForm,
  discountOf,
  durationOf,
  ForFields,
  mostMonthsOf,
  needsUses,
} from "./promotion-fields";

type PromotionDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Whether whoever asks may take money off for ever. */
  mayEndless: boolean;
};

const blank: DiscountForm & Rest = {
  ...{ kind: "percent", percent: "", amount: "", currency: "usd", duration: "once", months: "" },
  ...{ code: "", planIds: [], packIds: [], maxUses: "", first: false, day: "" },
};
type Rest = {
  code: string;
  planIds: readonly string[];
  packIds: readonly string[];
  maxUses: string;
  first: boolean;
  day: string;
};

export function PromotionDialog({ open, ...props }: PromotionDialogProps) {
  // Mounted as it opens, so that each begins anew.
  return open && <PromotionForm {...props} />;
}

/** What a promotion code takes off, of what, how often and until when. */
function PromotionForm({ onOpenChange, mayEndless }: Omit<PromotionDialogProps, "open">) {
  const t = useTranslations("officeCodes.promotion");
  const words = useTranslations("officeCodes");
  const format = useFormat();
  const queries = useQueryClient();
  const intention = useIntention();
  const id = useId();
  const [form, setForm] = useState(blank);
  const set = (change: Partial<typeof blank>) => setForm({ ...form, ...change });
  const code = form.code.trim().toUpperCase();
  const [discount, duration] = [discountOf(form), durationOf(form, mostMonthsOf(mayEndless))];
  const maxUses = readCount(form.maxUses);
  const usesNeeded = needsUses(form, mayEndless);
  const until = endOfDay(form.day, format.timeZone);
  const wrong = {
    code: code !== "" && !/^[A-Z0-9-]{3,40}$/.test(code) ? t("codeWrong") : undefined,
    maxUses: form.maxUses !== "" && maxUses === null ? words("batch.wrong") : undefined,
    day: until.past ? words("expiresPast") : undefined,
  };
  const isWrong = Object.values(wrong).some((text) => text !== undefined);
  const make = async (reason: string) => {
    const { planIds, packIds, first } = form;
    const body = {
      ...{ code, discount, duration, planIds, packIds, maxUses, firstPurchaseOnly: first },
      ...{ expiresAt: until.at, reason },
    };
    const made = await api.post<PromotionJson>("/admin/promotions", body, {
      idempotencyKey: intention.keyFor(body),
    });
    intention.done();
    toast.done(t("made", { code: made.code }));
    await queries.invalidateQueries({ queryKey: ["office", "promotions"] });
  };
  return (
    <ActDialog
      shape="sheet"
      open
      onOpenChange={onOpenChange}
      title={t("newTitle")}
      description={t("newText")}
      act={code === "" ? t("actOpen") : t("act", { code })}
      incomplete={code === "" || !discount || !duration || isWrong || (usesNeeded && maxUses === null)}
      onAct={make}
      explain={(error) => {
        const message = error instanceof Problem ? error.facts.message : null;
        return typeof message === "string" ? t("refused", { message }) : null;
      }}
    >
      <TextField
        id={`${id}-code`}
        label={t("code")}
        hint={t("codeHint")}
        error={wrong.code}
        maxLength={40}
        className="font-mono uppercase"
        placeholder="SPRING25"
        value={form.code}
        onText={(text) => set({ code: text })}
      />
      <DiscountFields id={id} form={form} set={set} mayEndless={mayEndless} />
      <ForFields id={id} planIds={form.planIds} packIds={form.packIds} set={set} />
      <Checkbox
        id={`${id}-first`}
        label={t("first")}
        hint={t("firstHint")}
        checked={form.first}
        onCheckedChange={(first) => set({ first: first === true })}
      />
      <div className="grid grid-cols-2 items-start gap-4">
        <TextField
          id={`${id}-uses`}
          label={t("maxUses")}
          hint={t(usesNeeded ? "maxUsesNeeded" : "maxUsesHint")}
          error={wrong.maxUses}
          optional={!usesNeeded}
          inputMode="numeric"
          className="num"
          value={form.maxUses}
          onText={(text) => set({ maxUses: text })}
        />
        <TextField
          id={`${id}-day`}
          label={t("until")}
          hint={t("untilHint", { zone: format.timeZone })}
          error={wrong.day}
          optional
          type="date"
          className="num"
          value={form.day}
          onText={(day) => set({ day })}
        />
      </div>
    </ActDialog>
  );
}
