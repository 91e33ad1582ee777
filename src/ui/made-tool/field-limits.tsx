"use client";

import { Plus, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { MadeField } from "#tools/made";
import { Button } from "#ui/primitives/button";
import { IconButton } from "#ui/primitives/icon-button";
import { BothOf, Grid, NumberOf, orNull, SwitchOf, TextOf, useIsServer } from "./kit";

type LimitsProps = { field: MadeField; path: string; onChange: (field: MadeField) => void };

/** What a field of its control says besides: bounds, options, what a prompt gets. */
export function FieldLimits({ field, path, onChange }: LimitsProps) {
  const t = useTranslations("officeMade");
  const isServer = useIsServer();
  switch (field.control) {
    case "text":
    case "longText":
      return (
        <>
          <BothOf
            optional
            path={`${path}.placeholder`}
            label={t("placeholder")}
            value={field.placeholder}
            onChange={(placeholder) => onChange({ ...field, placeholder: orNull(placeholder) })}
          />
          <Grid>
            <NumberOf
              path={`${path}.maxLength`}
              label={t("maxLength")}
              value={field.maxLength}
              onChange={(most) => onChange({ ...field, maxLength: most ?? Number.NaN })}
            />
          </Grid>
        </>
      );
    case "number":
      return (
        <>
          <Grid>
            <NumberOf
              optional
              path={`${path}.minimum`}
              label={t("minimum")}
              value={field.minimum}
              onChange={(minimum) => onChange({ ...field, minimum })}
            />
            <NumberOf
              optional
              path={`${path}.maximum`}
              label={t("maximum")}
              value={field.maximum}
              onChange={(maximum) => onChange({ ...field, maximum })}
            />
          </Grid>
          <SwitchOf
            path={`${path}.whole`}
            label={t("whole")}
            value={field.whole}
            onChange={(whole) => onChange({ ...field, whole })}
          />
        </>
      );
    case "switch":
      return isServer ? null : (
        <Grid>
          <TextOf
            optional
            path={`${path}.on`}
            label={t("saysOn")}
            value={field.on}
            onChange={(on) => onChange({ ...field, on })}
          />
          <TextOf
            optional
            path={`${path}.off`}
            label={t("saysOff")}
            value={field.off}
            onChange={(off) => onChange({ ...field, off })}
          />
        </Grid>
      );
    case "choice":
      return <Options field={field} path={path} onChange={onChange} />;
    case "image":
    case "file":
      return <FileLimits field={field} path={path} onChange={onChange} />;
  }
}

type Of<C extends MadeField["control"]> = Omit<LimitsProps, "field"> & {
  field: Extract<MadeField, { control: C }>;
};

function Options({ field, path, onChange }: Of<"choice">) {
  const t = useTranslations("officeMade");
  const isServer = useIsServer();
  const { options } = field;
  const set = (next: typeof options) => onChange({ ...field, options: next });
  return (
    <div className="grid min-w-0 gap-3">
      <h4 className="text-13 font-medium">{t("options")}</h4>
      <ol className="grid min-w-0 gap-4">
        {options.map((option, at) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: its value is what is being typed
            key={at}
            className="grid min-w-0 gap-3 border-l-2 border-line pl-3"
          >
            <div className="grid grid-cols-[minmax(0,1fr)_auto] items-end gap-2">
              <TextOf
                mono
                path={`${path}.options.${at}.value`}
                label={t("optionValue")}
                value={option.value}
                onChange={(value) => set(options.with(at, { ...option, value }))}
              />
              <IconButton
                label={t("remove", { name: option.value })}
                icon={<Trash2 strokeWidth={1.75} />}
                disabled={options.length <= 2}
                onClick={() => set(options.toSpliced(at, 1))}
              />
            </div>
            <BothOf
              path={`${path}.options.${at}.label`}
              label={t("optionLabel")}
              value={option.label}
              onChange={(label) => set(options.with(at, { ...option, label }))}
            />
            {!isServer && (
              <TextOf
                optional
                path={`${path}.options.${at}.text`}
                label={t("optionText")}
                hint={t("optionTextHint")}
                value={option.text ?? ""}
                onChange={(text) => set(options.with(at, { ...option, text: text === "" ? null : text }))}
              />
            )}
          </li>
        ))}
      </ol>
      <Button
        variant="quiet"
        size="sm"
        className="w-fit"
        onClick={() =>
          set([...options, { value: `option-${options.length + 1}`, label: { en: "", zh: "" }, text: null }])
        }
      >
        <Plus aria-hidden="true" strokeWidth={1.75} />
        {t("addOption")}
      </Button>
    </div>
  );
}

function FileLimits({ field, path, onChange }: Of<"image" | "file">) {
  const t = useTranslations("officeMade");
  const isServer = useIsServer();
  const isImage = field.control === "image";
  return (
    <>
      <p className="text-13 text-text-3">
        {isServer
          ? t(isImage ? "imageHintOfServer" : "fileHintOfServer")
          : t(isImage ? "imageHint" : "fileHint")}
      </p>
      <Grid>
        <NumberOf
          path={`${path}.maxCount`}
          label={t("maxCount")}
          value={field.maxCount}
          onChange={(most) => onChange({ ...field, maxCount: most ?? Number.NaN })}
        />
        <NumberOf
          path={`${path}.maxBytes`}
          label={t("maxBytes")}
          value={field.maxBytes}
          onChange={(most) => onChange({ ...field, maxBytes: most ?? Number.NaN })}
        />
        {field.control === "file" && !isServer && (
          <NumberOf
            path={`${path}.maxCharacters`}
            label={t("maxCharacters")}
            hint={t("maxCharactersHint")}
            value={field.maxCharacters}
            onChange={(most) => onChange({ ...field, maxCharacters: most ?? Number.NaN })}
          />
        )}
      </Grid>
    </>
  );
}
