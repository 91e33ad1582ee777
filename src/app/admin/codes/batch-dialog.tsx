"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { MadeCodesJson } from "#api/contract";
import { endOfDay, readCount } from "#format";
import { api, Problem } from "#ui/api";
import { useIntention } from "#ui/intention";
import { ActDialog } from "#ui/office/act-dialog";
import { TextField } from "#ui/office/text-field";
import { Checkbox } from "#ui/primitives/toggle";
import { useFormat } from "#ui/use-format";
import { MadeCodes } from "./made-codes";

type BatchDialogProps = { open: boolean; onOpenChange: (open: boolean) => void };

const blank = { name: "", count: "", credits: "", uses: "1", days: "", day: "", once: false };

/** What a batch of codes gives; once it is made, its codes, this once. */
export function BatchDialog({ open, onOpenChange }: BatchDialogProps) {
  const [made, setMade] = useState<MadeCodesJson | null>(null);
  return (
    <>
      {open && <BatchForm onOpenChange={onOpenChange} onMade={setMade} />}
      <MadeCodes made={made} onClose={() => setMade(null)} />
    </>
  );
}

type BatchFormProps = { onOpenChange: (open: boolean) => void; onMade: (made: MadeCodesJson) => void };

function BatchForm({ onOpenChange, onMade }: BatchFormProps) {
  const t = useTranslations("officeCodes.batch");
  const words = useTranslations("officeCodes");
  const format = useFormat();
  const queries = useQueryClient();
  const intention = useIntention();
  const id = useId();
  const [form, setForm] = useState(blank);
  const set = (change: Partial<typeof blank>) => setForm({ ...form, ...change });
  const [count, credits, uses] = [readCount(form.count), readCount(form.credits), readCount(form.uses)];
  const days = readCount(form.days);
  const until = endOfDay(form.day, format.timeZone);
  const isComplete =
    form.name.trim() !== "" &&
    ![count, credits, uses].includes(null) &&
    (form.days === "" || days !== null) &&
    !until.past;
  const make = async (reason: string) => {
    const body = {
      ...{ name: form.name.trim(), count, credits, uses, oncePerPerson: form.once },
      ...{ lifetimeDays: days, expiresAt: until.at, reason },
    };
    const made = await api.post<MadeCodesJson>("/admin/codes", body, {
      idempotencyKey: intention.keyFor(body),
    });
    intention.done();
    onMade(made);
    await queries.invalidateQueries({ queryKey: ["office", "codes"] });
  };
  const wrong = (name: "count" | "credits" | "uses" | "days") =>
    form[name] !== "" && readCount(form[name]) === null ? t("wrong") : undefined;
  const field = (name: "count" | "credits" | "uses" | "days") => ({
    ...{ id: `${id}-${name}`, label: t(name), inputMode: "numeric" as const, className: "num" },
    ...{ value: form[name], error: wrong(name), onText: (text: string) => set({ [name]: text }) },
  });
  return (
    <ActDialog
      shape="sheet"
      open
      onOpenChange={onOpenChange}
      title={t("newTitle")}
      description={t("newText")}
      act={count === null ? t("actOpen") : t("act", { count })}
      incomplete={!isComplete}
      onAct={make}
      explain={(error) => {
        const limit = limitOf(error);
        return limit === null ? null : t("tooLarge", { limit: format.credits(limit) });
      }}
    >
      <TextField
        id={`${id}-name`}
        label={words("name")}
        hint={words("nameHint")}
        error={undefined}
        maxLength={80}
        value={form.name}
        onText={(name) => set({ name })}
      />
      <div className="grid grid-cols-2 items-start gap-4">
        <TextField {...field("count")} />
        <TextField {...field("credits")} />
      </div>
      <div className="grid grid-cols-2 items-start gap-4">
        <TextField {...field("uses")} hint={t("usesHint")} />
        <TextField {...field("days")} hint={t("daysHint")} optional />
      </div>
      <Checkbox
        id={`${id}-once`}
        label={t("once")}
        hint={t("onceHint")}
        checked={form.once}
        onCheckedChange={(once) => set({ once: once === true })}
      />
      <TextField
        id={`${id}-day`}
        label={t("until")}
        hint={t("untilHint", { zone: format.timeZone })}
        error={until.past ? words("expiresPast") : undefined}
        optional
        type="date"
        className="num"
        value={form.day}
        onText={(day) => set({ day })}
      />
      {count !== null && credits !== null && uses !== null && (
        <p className="text-13 text-text-2" data-testid="preview">
          {t("total", { credits: format.credits(count * credits * uses) })}
        </p>
      )}
    </ActDialog>
  );
}

/** The most that one's role may give, if that is why it was refused. */
function limitOf(error: unknown): number | null {
  if (!(error instanceof Problem)) return null;
  const isLimit = error.code === "adjustment_too_large" || error.code === "gift_too_large";
  return isLimit ? error.number("limit") : null;
}
