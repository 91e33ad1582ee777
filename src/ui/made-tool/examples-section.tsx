"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import type { MadeDefinition, MadeField } from "#tools/made";
import { Button } from "#ui/primitives/button";
import { BothOf, ChoiceOf, FaultOf, NumberOf, Section, SwitchOf, TextOf } from "./kit";
import { ListItem } from "./list";

type Example = MadeDefinition["examples"][number];
type ExamplesProps = { made: MadeDefinition; onChange: (made: MadeDefinition) => void; disabled: boolean };

/** Inputs that fill the form at a click. The first one is what the margin is estimated for. */
export function ExamplesSection({ made, onChange, disabled }: ExamplesProps) {
  const t = useTranslations("officeMade");
  const { examples, fields } = made;
  const set = (next: Example[]) => onChange({ ...made, examples: next });
  return (
    <Section title={t("section.examples")} hint={t("section.examplesHint")}>
      {examples.length > 0 && (
        <ol className="grid min-w-0 gap-4">
          {examples.map((example, at) => (
            <ListItem
              // biome-ignore lint/suspicious/noArrayIndexKey: its title is what is being typed
              key={at}
              {...{ list: examples, at, disabled, onChange: set }}
              name={example.title.en || `${at + 1}`}
              title={example.title.en || t("exampleOf", { number: at + 1 })}
            >
              <BothOf
                path={`examples.${at}.title`}
                label={t("exampleTitle")}
                value={example.title}
                onChange={(title) => set(examples.with(at, { ...example, title }))}
              />
              {fields.map((field) => (
                <ExampleValue
                  key={field.name}
                  field={field}
                  example={example}
                  path={`examples.${at}.input`}
                  onChange={(next) => set(examples.with(at, next))}
                />
              ))}
              <FaultOf path={`examples.${at}.input`} />
            </ListItem>
          ))}
        </ol>
      )}
      {!disabled && examples.length < 6 && (
        <Button
          variant="secondary"
          size="sm"
          className="w-fit"
          onClick={() => set([...examples, { title: { en: "", zh: "" }, input: {} }])}
        >
          <Plus aria-hidden="true" strokeWidth={1.75} />
          {t("addExample")}
        </Button>
      )}
    </Section>
  );
}

type ValueProps = {
  field: MadeField;
  example: Example;
  path: string;
  onChange: (example: Example) => void;
};

function ExampleValue({ field, example, path, onChange }: ValueProps) {
  const t = useTranslations("officeMade");
  const { name, control, label } = field;
  const value = example.input[name];
  const set = (next: string | number | boolean | undefined) => {
    const { [name]: _, ...others } = example.input;
    onChange({ ...example, input: next === undefined ? others : { ...others, [name]: next } });
  };
  const common = { path: `${path}.${name}`, label: label.en || name };
  if (control === "image" || control === "file") return null;
  if (control === "switch") return <SwitchOf {...common} value={value === true} onChange={set} />;
  if (control === "number")
    return (
      <NumberOf
        {...common}
        optional={!field.required}
        value={typeof value === "number" ? value : null}
        onChange={(number) => set(number ?? undefined)}
      />
    );
  const text = typeof value === "string" ? value : "";
  if (control === "choice")
    return (
      <ChoiceOf
        {...common}
        value={text}
        options={[
          { value: "", label: t("noChoice") },
          ...field.options.map((option) => ({ value: option.value, label: option.label.en || option.value })),
        ]}
        onChange={(chosen) => set(chosen === "" ? undefined : chosen)}
      />
    );
  return (
    <TextOf
      {...common}
      lines={control === "longText" ? 4 : 1}
      optional={!field.required}
      value={text}
      onChange={(next) => set(next === "" ? undefined : next)}
    />
  );
}
