"use client";

import { useLocale, useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import type { ToolCheckJson } from "#api/contract";
import { isLocale } from "#i18n/locale";
import type { FormField } from "#tools";
import type { MadeDefinition } from "#tools/made";
import { CreditGlyph } from "#ui/icons";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { type FormValues, initialValues } from "#ui/tool-form/form-values";
import { ToolForm } from "#ui/tool-form/tool-form";
import { ToolTile } from "#ui/tool-icon";
import { useFormat } from "#ui/use-format";

type BesideProps = {
  made: MadeDefinition;
  /** Of what stands in the form, or stood there when it last fitted. */
  check: ToolCheckJson | null;
  /** Something does not fit since. */
  old: boolean;
  /** Stands between what customers see and what it brings. */
  children?: ReactNode;
};

/** What stands beside the form while it is filled in. */
export function Beside({ made, check, old, children }: BesideProps) {
  return (
    // The form alone scrolls when there is no room for all, so that what a run brings stays in sight.
    <div className="flex min-w-0 flex-col gap-5 xl:sticky xl:top-20 xl:max-h-[calc(100dvh-6rem)] xl:overflow-y-auto *:shrink-0">
      <Preview made={made} check={check} old={old} />
      {children}
      <Margin check={check} server={made.work.kind === "http"} hasExample={made.examples.length > 0} />
    </div>
  );
}

/** What customers would see of it: its card and its form. */
function Preview({ made, check, old }: Omit<BesideProps, "children">) {
  const t = useTranslations("officeMade");
  const locale = useLocale();
  const texts = made.texts[isLocale(locale) ? locale : "en"];
  return (
    <Card aria-labelledby="preview" className="xl:min-h-40 xl:shrink! xl:overflow-y-auto">
      <CardHeader id="preview" title={t("preview")} hint={t("previewHint")} />
      <CardBody className="grid gap-5">
        <div className="flex items-start gap-3">
          <ToolTile name={made.icon} />
          <div className="grid min-w-0 gap-0.5 break-words">
            <p className="text-16 font-semibold text-text">{texts.name || t("unnamed")}</p>
            <p className="text-14 text-text-2">{texts.summary}</p>
          </div>
        </div>
        {check && check.fields.length > 0 ? (
          <>
            {old && <p className="text-13 text-text-3">{t("oldPreview")}</p>}
            <FormPreview key={JSON.stringify(check.fields)} fields={check.fields} />
          </>
        ) : (
          <p className="text-13 text-text-3">{t("noPreview")}</p>
        )}
      </CardBody>
    </Card>
  );
}

function FormPreview({ fields }: { fields: readonly FormField[] }) {
  const t = useTranslations("officeMade");
  const [values, setValues] = useState<FormValues>(() => initialValues(fields));
  return (
    <ToolForm
      fields={fields}
      values={values}
      faults={{}}
      onChange={(name, value) => setValues({ ...values, [name]: value })}
      files={(field) => (
        <div className="grid gap-1.5">
          <p className="text-13 font-medium text-text">{field.label}</p>
          <p className="rounded-field border border-dashed border-line-strong bg-sunken px-4 py-6 text-center text-13 text-text-3">
            {t("filesHere")}
          </p>
        </div>
      )}
    />
  );
}

type MarginProps = { check: ToolCheckJson | null; server: boolean; hasExample: boolean };

/** What a run of the first example costs the operator and brings, at the most that it can use. */
function Margin({ check, server, hasExample }: MarginProps) {
  const t = useTranslations("officeMade.margin");
  const format = useFormat();
  const estimate = check?.estimate ?? null;
  const dollars = (micros: number) => t("dollars", { amount: (micros / 1e6).toFixed(4) });
  const { cost = null, revenue = null } = estimate ?? {};
  const margin = cost !== null && revenue !== null && revenue > 0 ? (revenue - cost) / revenue : null;
  return (
    <Card aria-labelledby="margin">
      <CardHeader id="margin" title={t("title")} hint={t("hint")} />
      <CardBody>
        {estimate ? (
          <dl className="num grid gap-2 text-13">
            <Line name={t("held")}>
              <span className="inline-flex items-center gap-1.5">
                <CreditGlyph />
                {format.credits(estimate.credits)}
              </span>
            </Line>
            <Line name={t("revenue")}>{revenue === null ? "—" : dollars(revenue)}</Line>
            <Line name={t("cost")}>
              {cost === null ? t(server ? "unknownOfServer" : "unknown") : dollars(cost)}
            </Line>
            <Line name={t("model")}>{estimate.model ?? t(server ? "server" : "none")}</Line>
            <Line name={t("margin")}>{margin === null ? "—" : format.percent(margin)}</Line>
          </dl>
        ) : (
          <p className="text-13 text-text-3">{t(hasExample ? "later" : "empty")}</p>
        )}
      </CardBody>
    </Card>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4">
      <dt className="text-text-3">{name}</dt>
      <dd className="text-right text-text">{children}</dd>
    </div>
  );
}
