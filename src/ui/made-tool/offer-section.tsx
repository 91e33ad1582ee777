"use client";

import { useTranslations } from "next-intl";
import { planIds } from "#billing/catalogue";
import { locales } from "#i18n/locale";
import type { MadeDefinition } from "#tools/made";
import { toolCategories, toolIcons, wordNames } from "#tools/names";
import { languageNames } from "#ui/preferences";
import { ToolTile } from "#ui/tool-icon";
import { ChoiceOf, Grid, NumberOf, Section, SwitchOf, TextOf } from "./kit";

type SectionProps = { made: MadeDefinition; onChange: (made: MadeDefinition) => void };

/** The words of its card and page, in both languages. */
export function WordsSection({ made, onChange }: SectionProps) {
  const t = useTranslations("officeTools");
  const words = useTranslations("officeMade");
  return (
    <Section title={words("section.words")} hint={words("section.wordsHint")}>
      {wordNames.map((word) => (
        <Grid key={word}>
          {locales.map((locale) => (
            <TextOf
              key={locale}
              path={`texts.${locale}.${word}`}
              label={`${t(`word.${word}`)} · ${languageNames[locale]}`}
              lang={locale}
              lines={word === "description" ? 4 : 1}
              value={made.texts[locale][word]}
              onChange={(text) =>
                onChange({
                  ...made,
                  texts: { ...made.texts, [locale]: { ...made.texts[locale], [word]: text } },
                })
              }
            />
          ))}
        </Grid>
      ))}
    </Section>
  );
}

/** Where it stands, who may run it, how long it may take. */
export function OfferSection({ made, onChange }: SectionProps) {
  const t = useTranslations("officeMade");
  const office = useTranslations("officeTools");
  const plans = useTranslations("pricing.plan");
  const kinds = useTranslations("tools.categories");
  return (
    <Section title={t("section.offer")}>
      <Grid>
        <ChoiceOf
          path="category"
          label={office("category")}
          value={made.category}
          options={toolCategories.map((value) => ({ value, label: kinds(value) }))}
          onChange={(category) => onChange({ ...made, category })}
        />
        <div className="grid grid-cols-[minmax(0,1fr)_auto] items-end gap-3">
          <ChoiceOf
            path="icon"
            label={t("icon")}
            value={made.icon}
            options={toolIcons.map((value) => ({ value, label: value }))}
            onChange={(icon) => onChange({ ...made, icon })}
          />
          <ToolTile name={made.icon} />
        </div>
        <ChoiceOf
          path="minimumPlan"
          label={office("minimumPlan")}
          value={made.minimumPlan}
          options={planIds.map((value) => ({ value, label: plans(value) }))}
          onChange={(minimumPlan) => onChange({ ...made, minimumPlan })}
        />
        <NumberOf
          path="timeoutSeconds"
          label={office("limit.timeoutSeconds")}
          value={made.timeoutSeconds}
          onChange={(seconds) => onChange({ ...made, timeoutSeconds: seconds ?? Number.NaN })}
        />
      </Grid>
      <SwitchOf
        path="keepsHistory"
        label={t("keepsHistory")}
        hint={t("keepsHistoryHint")}
        value={made.keepsHistory}
        onChange={(keepsHistory) => onChange({ ...made, keepsHistory })}
      />
    </Section>
  );
}
