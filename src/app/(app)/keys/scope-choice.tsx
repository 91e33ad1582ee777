"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Segmented } from "#ui/primitives/tabs";
import { Checkbox } from "#ui/primitives/toggle";
import { type KeyKind, presetNames, presetOf, presetsOf, type Scope, scopesOf } from "./presets";
import { useScopeSentence } from "./scope-sentence";

type ScopeChoiceProps = {
  kind: KeyKind;
  scopes: readonly Scope[];
  onChange: (scopes: readonly Scope[]) => void;
};

/** A preset, or scope by scope; either way a sentence says what the key can do. */
export function ScopeChoice({ kind, scopes, onChange }: ScopeChoiceProps) {
  const t = useTranslations("keys");
  const sentence = useScopeSentence();
  const [custom, setCustom] = useState(false);
  const value = custom ? "custom" : (presetOf(kind, scopes) ?? "custom");
  const names = [...presetNames.filter((name) => presetsOf(kind).some((preset) => preset.name === name))];
  return (
    <div className="grid justify-items-start gap-2">
      <span className="text-13 font-medium text-text">{t("form.may")}</span>
      <Segmented
        label={t("form.may")}
        value={value}
        onValueChange={(name) => {
          setCustom(name === "custom");
          const preset = presetsOf(kind).find((known) => known.name === name);
          if (preset) onChange(preset.scopes);
        }}
        options={[...names, "custom" as const].map((name) => ({ value: name, label: t(`preset.${name}`) }))}
        className="max-w-full flex-wrap"
      />
      {value === "custom" && (
        <div className="grid gap-1.5 py-1">
          {scopesOf[kind].map((scope) => (
            <Checkbox
              key={scope}
              id={`scope-${scope}`}
              label={t(`scopeLabel.${scope}`)}
              checked={scopes.includes(scope)}
              onCheckedChange={(on) =>
                onChange(on ? [...scopes, scope] : scopes.filter((known) => known !== scope))
              }
            />
          ))}
        </div>
      )}
      <p role="status" className={scopes.length === 0 ? "text-13 text-danger" : "text-13 text-text-2"}>
        {sentence(kind, scopes)}
      </p>
    </div>
  );
}
