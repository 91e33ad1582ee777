"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useId } from "react";
import type { ProviderJson } from "#api/contract";
import type { MadeField, PromptWork } from "#tools/made";
import { api } from "#ui/api";
import { Checkbox } from "#ui/primitives/toggle";
import { queryKeys } from "#ui/query-keys";
import { Grid, NumberOf, Section, SwitchOf, TextOf } from "./kit";

type PromptProps = {
  work: PromptWork;
  fields: readonly MadeField[];
  onChange: (work: PromptWork) => void;
  disabled: boolean;
};

/** What the model is told, and which model. */
export function PromptSection({ work, fields, onChange, disabled }: PromptProps) {
  const t = useTranslations("officeMade");
  const named = fields.filter(({ control }) => control !== "image");
  return (
    <Section title={t("section.prompt")} hint={t("section.promptHint")}>
      <TextOf
        optional
        mono
        lines={5}
        path="work.system"
        label={t("system")}
        hint={t("systemHint")}
        value={work.system}
        onChange={(system) => onChange({ ...work, system })}
      />
      <TextOf
        mono
        lines={7}
        path="work.prompt"
        label={t("prompt")}
        value={work.prompt}
        onChange={(prompt) => onChange({ ...work, prompt })}
      />
      {!disabled && (
        <div className="flex flex-wrap items-center gap-1.5 text-13 text-text-3">
          {t("insert")}
          {named.map(({ name }) => (
            <button
              key={name}
              type="button"
              onClick={() => onChange({ ...work, prompt: `${work.prompt}{{${name}}}` })}
              className="rounded-control border border-line bg-sunken px-2 py-1 font-mono text-12 text-text hover:bg-hover pointer-coarse:min-h-11"
            >
              {`{{${name}}}`}
            </button>
          ))}
        </div>
      )}
      <Models work={work} onChange={onChange} disabled={disabled} />
      {work.output.kind !== "image" && (
        <>
          <Grid>
            <NumberOf
              path="work.maxOutputTokens"
              label={t("maxOutputTokens")}
              hint={t("maxOutputTokensHint")}
              value={work.maxOutputTokens}
              onChange={(most) => onChange({ ...work, maxOutputTokens: most ?? Number.NaN })}
            />
            <NumberOf
              optional
              path="work.temperature"
              label={t("temperature")}
              hint={t("temperatureHint")}
              value={work.temperature}
              onChange={(temperature) => onChange({ ...work, temperature })}
            />
          </Grid>
          {work.output.kind !== "table" && (
            <SwitchOf
              path="work.continues"
              label={t("continues")}
              hint={t("continuesHint")}
              value={work.continues}
              onChange={(continues) => onChange({ ...work, continues })}
            />
          )}
        </>
      )}
    </Section>
  );
}

/** Which models are asked first, in the order in which they were chosen. */
function Models({ work, onChange, disabled }: Omit<PromptProps, "fields">) {
  const t = useTranslations("officeMade");
  const id = useId();
  const kind = work.output.kind === "image" ? "image" : "text";
  const { data } = useQuery<{ data: ProviderJson[] }>({
    queryKey: queryKeys.providers,
    queryFn: ({ signal }) => api.get<{ data: ProviderJson[] }>("/admin/providers", { signal }),
  });
  const known = (data?.data ?? []).flatMap(({ models }) => models.filter((model) => model.kind === kind));
  const names = [...new Set([...work.models, ...known.map(({ name }) => name)])];
  const change = (name: string, chosen: boolean) =>
    onChange({
      ...work,
      models: chosen ? [...work.models, name].slice(0, 5) : work.models.filter((one) => one !== name),
    });
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 text-13 font-medium">{t("models")}</legend>
      <p className="text-13 text-text-3">{t(names.length > 0 ? "modelsHint" : "noModels")}</p>
      {names.map((name) => {
        const place = work.models.indexOf(name);
        return (
          <Checkbox
            key={name}
            id={`${id}-${name}`}
            disabled={disabled}
            checked={place >= 0}
            onCheckedChange={(checked) => change(name, checked === true)}
            label={
              <>
                <code className="text-13">{name}</code>
                {place >= 0 && (
                  <span className="text-text-3"> · {t("modelPlace", { place: place + 1 })}</span>
                )}
              </>
            }
          />
        );
      })}
    </fieldset>
  );
}
