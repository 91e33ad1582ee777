"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { isFieldName, type MadeDefinition, type MadeField } from "#tools/made";
import { fieldControls } from "#tools/names";
import { Button } from "#ui/primitives/button";
import { asControl, blankField } from "./blank";
import { FieldLimits } from "./field-limits";
import { BothOf, ChoiceOf, Grid, orNull, Section, SwitchOf, TextOf, useIsServer } from "./kit";
import { ListItem } from "./list";
import { renamed } from "./rename";

type FieldsProps = { made: MadeDefinition; onChange: (made: MadeDefinition) => void; disabled: boolean };

/** What the customer is asked. */
export function FieldsSection({ made, onChange, disabled }: FieldsProps) {
  const t = useTranslations("officeMade");
  const { fields } = made;
  const set = (next: MadeField[]) => onChange({ ...made, fields: next });
  return (
    <Section title={t("section.fields")} hint={t("section.fieldsHint")}>
      <ol className="grid min-w-0 gap-4">
        {fields.map((field, at) => (
          <ListItem
            // biome-ignore lint/suspicious/noArrayIndexKey: its name is what is being typed
            key={at}
            {...{ list: fields, at, name: field.name, disabled }}
            needed
            title={
              <>
                {field.label.en || field.name}{" "}
                <span className="font-normal text-text-3">· {t(`control.${field.control}`)}</span>
              </>
            }
            onChange={set}
          >
            <OneField
              field={field}
              path={`fields.${at}`}
              onChange={(next) => set(fields.with(at, next))}
              onRenamed={(before) => onChange(renamed(made, before, field.name))}
            />
          </ListItem>
        ))}
      </ol>
      {!disabled && fields.length < 20 && (
        <Button
          variant="secondary"
          size="sm"
          className="w-fit"
          onClick={() => set([...fields, blankField(fields.map(({ name }) => name))])}
        >
          <Plus aria-hidden="true" strokeWidth={1.75} />
          {t("addField")}
        </Button>
      )}
    </Section>
  );
}

type OneProps = {
  field: MadeField;
  path: string;
  onChange: (field: MadeField) => void;
  onRenamed: (before: string) => void;
};

/** Its name goes where it is named once it is whole: letter by letter it might be another field's. */
function useNaming({ name }: MadeField, onRenamed: (before: string) => void) {
  const before = useRef<string | null>(null);
  return {
    onFocus: () => {
      if (isFieldName(name)) before.current = name;
    },
    onBlur: () => {
      if (!isFieldName(name)) return;
      if (before.current !== null && before.current !== name) onRenamed(before.current);
      before.current = null;
    },
  };
}

function OneField({ field, path, onChange, onRenamed }: OneProps) {
  const naming = useNaming(field, onRenamed);
  const t = useTranslations("officeMade");
  const isServer = useIsServer();
  return (
    <>
      <Grid>
        <TextOf
          mono
          path={`${path}.name`}
          label={t(isServer ? "fieldNameOfServer" : "fieldName")}
          hint={t(isServer ? "fieldNameHintOfServer" : "fieldNameHint", { name: `{{${field.name}}}` })}
          value={field.name}
          {...naming}
          onChange={(name) => onChange({ ...field, name })}
        />
        <ChoiceOf
          path={`${path}.control`}
          label={t("fieldControl")}
          value={field.control}
          options={fieldControls.map((value) => ({ value, label: t(`control.${value}`) }))}
          onChange={(control) => onChange(asControl(field, control))}
        />
      </Grid>
      <BothOf
        path={`${path}.label`}
        label={t("fieldLabel")}
        value={field.label}
        onChange={(label) => onChange({ ...field, label })}
      />
      <BothOf
        optional
        path={`${path}.help`}
        label={t("fieldHelp")}
        value={field.help}
        onChange={(help) => onChange({ ...field, help: orNull(help) })}
      />
      <FieldLimits field={field} path={path} onChange={onChange} />
      {field.control !== "switch" && (
        <SwitchOf
          path={`${path}.required`}
          label={t("fieldRequired")}
          value={field.required}
          onChange={(required) => onChange({ ...field, required })}
        />
      )}
    </>
  );
}
