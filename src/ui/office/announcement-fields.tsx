"use client";

import { useTranslations } from "next-intl";
import { useId } from "react";
import { endOfDay, isDay } from "#format";
import { describedBy, Field } from "#ui/primitives/field";
import { Textarea } from "#ui/primitives/input";
import { Checkbox } from "#ui/primitives/toggle";
import { useFormat } from "#ui/use-format";
import { TextField } from "./text-field";

export type AnnouncementForm = {
  titleEn: string;
  titleZh: string;
  textEn: string;
  textZh: string;
  banner: boolean;
  mail: boolean;
  /** Days; empty: at once, for good. */
  from: string;
  until: string;
};

type AnnouncementFieldsProps = {
  form: AnnouncementForm;
  set: (change: Partial<AnnouncementForm>) => void;
  disabled: boolean;
};

/** What is told, in both languages, where and how long. */
export function AnnouncementFields({ form, set, disabled }: AnnouncementFieldsProps) {
  const t = useTranslations("officeAnnouncements");
  const { timeZone } = useFormat();
  const id = useId();
  const { past } = endOfDay(form.until, timeZone);
  const isWrong = past || (isDay(form.from) && isDay(form.until) && form.until < form.from);
  return (
    <fieldset disabled={disabled} className="grid gap-6">
      <Words id={`${id}-en`} language="english" title="titleEn" text="textEn" form={form} set={set} />
      <Words id={`${id}-zh`} language="chinese" title="titleZh" text="textZh" form={form} set={set} />
      <div className="grid gap-3">
        <p className="text-13 font-medium text-text">{t("channels")}</p>
        <p className="text-13 text-text-3">{t("listHint")}</p>
        <Checkbox
          id={`${id}-banner`}
          label={t("banner")}
          hint={t("bannerHint")}
          checked={form.banner}
          onCheckedChange={(banner) => set({ banner: banner === true })}
        />
        <Checkbox
          id={`${id}-mail`}
          label={t("mail")}
          hint={t("mailHint")}
          checked={form.mail}
          onCheckedChange={(mail) => set({ mail: mail === true })}
        />
      </div>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextField
          id={`${id}-from`}
          label={t("from")}
          error={undefined}
          optional
          type="date"
          className="num"
          value={form.from}
          onText={(from) => set({ from })}
        />
        <TextField
          id={`${id}-until`}
          label={t("until")}
          hint={t("dayHint", { zone: timeZone })}
          error={isWrong && !disabled ? t("untilWrong") : undefined}
          optional
          type="date"
          className="num"
          value={form.until}
          onText={(until) => set({ until })}
        />
      </div>
    </fieldset>
  );
}

type WordsProps = Omit<AnnouncementFieldsProps, "disabled"> & {
  id: string;
  language: "english" | "chinese";
  title: "titleEn" | "titleZh";
  text: "textEn" | "textZh";
};

function Words({ id, language, title, text, form, set }: WordsProps) {
  const t = useTranslations("officeAnnouncements");
  return (
    <fieldset className="grid gap-4" lang={language === "chinese" ? "zh-Hans" : "en"}>
      <legend className="pb-3 text-14 font-semibold text-text">{t(language)}</legend>
      <TextField
        id={`${id}-title`}
        label={t("titleLabel")}
        error={undefined}
        maxLength={120}
        value={form[title]}
        onText={(value) => set({ [title]: value })}
      />
      <Field id={`${id}-text`} label={t("textLabel")} hint={t("textHint")}>
        <Textarea
          rows={6}
          maxLength={5_000}
          value={form[text]}
          onChange={({ target }) => set({ [text]: target.value })}
          {...describedBy(`${id}-text`, { hint: true })}
        />
      </Field>
    </fieldset>
  );
}
