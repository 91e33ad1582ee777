"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { languageTags, locales } from "#i18n/locale";
import { api } from "#ui/api";
import { languageNames, useLanguage, useTheme } from "#ui/preferences";
import { Field } from "#ui/primitives/field";
import { Select } from "#ui/primitives/select";
import { Segmented } from "#ui/primitives/tabs";
import { toast } from "#ui/primitives/toast";
import { useProblemText } from "#ui/problem-text";
import { themes } from "#ui/theme";

/** Language, theme and time zone; each holds as soon as it is chosen. */
export function Preferences({ timeZone, timeZones }: { timeZone: string; timeZones: readonly string[] }) {
  const t = useTranslations("account.preferences");
  const themeNames = useTranslations("common.theme");
  const router = useRouter();
  const problemText = useProblemText();
  const language = useLanguage();
  const theme = useTheme();
  const [zone, setZone] = useState(timeZone);
  const keepZone = (next: string) => {
    setZone(next);
    api.patch("/me", { timeZone: next }).then(
      () => {
        toast.done(t("saved"));
        router.refresh();
      },
      (error: unknown) => {
        setZone(zone);
        toast.failure(problemText(error));
      },
    );
  };
  return (
    <div className="grid gap-5 p-4 sm:p-5">
      <div className="grid justify-items-start gap-1.5">
        <span className="text-13 font-medium text-text">{t("language")}</span>
        <Segmented
          label={t("language")}
          value={language.locale}
          onValueChange={language.change}
          options={locales.map((value) => ({
            value,
            label: <span lang={languageTags[value]}>{languageNames[value]}</span>,
          }))}
        />
      </div>
      <div className="grid justify-items-start gap-1.5">
        <span className="text-13 font-medium text-text">{t("theme")}</span>
        <Segmented
          label={t("theme")}
          value={theme.theme}
          onValueChange={theme.change}
          options={themes.map((value) => ({ value, label: themeNames(value) }))}
        />
        <span className="text-13 text-text-3">{t("themeHint")}</span>
      </div>
      <Field id="time-zone" label={t("timeZone")} className="max-w-sm">
        <Select
          id="time-zone"
          value={zone}
          onChange={({ target }) => keepZone(target.value)}
          options={timeZones.map((value) => ({ value, label: value.replaceAll("_", " ") }))}
        />
      </Field>
    </div>
  );
}
