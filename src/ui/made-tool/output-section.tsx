"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import type { PromptWork, TableColumn } from "#tools/made";
import { imageSizes, outputKinds } from "#tools/names";
import { Button } from "#ui/primitives/button";
import { blankOutput, blankPrice } from "./blank";
import { BothOf, ChoiceOf, Grid, NumberOf, Section, TextOf } from "./kit";
import { ListItem } from "./list";

type WorkProps = { work: PromptWork; onChange: (work: PromptWork) => void; disabled: boolean };

/** What comes out. */
export function OutputSection({ work, onChange, disabled }: WorkProps) {
  const t = useTranslations("officeMade");
  const { output } = work;
  const choose = (kind: typeof output.kind) => {
    const draws = kind === "image";
    const fits = (work.price.kind === "images") === draws || work.price.kind === "fixed";
    onChange({
      ...work,
      output: blankOutput(kind),
      // A price that does not go with it would only be refused.
      ...(!fits && { price: blankPrice(draws ? "images" : "tokens") }),
      ...(kind !== "text" && kind !== "markdown" && { continues: false }),
    });
  };
  return (
    <Section title={t("section.output")}>
      <Grid>
        <ChoiceOf
          path="work.output.kind"
          label={t("outputKind")}
          value={output.kind}
          options={outputKinds.map((value) => ({ value, label: t(`output.${value}`) }))}
          onChange={choose}
        />
      </Grid>
      {output.kind === "image" && (
        <Grid>
          <ChoiceOf
            path="work.output.size"
            label={t("size")}
            value={output.size}
            options={imageSizes.map((value) => ({ value, label: value.replace("x", " × ") }))}
            onChange={(size) => onChange({ ...work, output: { ...output, size } })}
          />
          <NumberOf
            path="work.output.count"
            label={t("count")}
            value={output.count}
            onChange={(count) => onChange({ ...work, output: { ...output, count: count ?? Number.NaN } })}
          />
        </Grid>
      )}
      {output.kind === "table" && (
        <Columns
          columns={output.columns}
          disabled={disabled}
          onChange={(columns) => onChange({ ...work, output: { ...output, columns } })}
        />
      )}
    </Section>
  );
}

type ColumnsProps = { columns: TableColumn[]; onChange: (columns: TableColumn[]) => void; disabled: boolean };

function Columns({ columns, onChange, disabled }: ColumnsProps) {
  const t = useTranslations("officeMade");
  return (
    <div className="grid min-w-0 gap-4">
      <ol className="grid min-w-0 gap-4">
        {columns.map((column, at) => {
          const path = `work.output.columns.${at}`;
          const set = (next: TableColumn) => onChange(columns.with(at, next));
          return (
            <ListItem
              // biome-ignore lint/suspicious/noArrayIndexKey: its name is what is being typed
              key={at}
              {...{ list: columns, at, name: column.name, title: column.label.en || column.name }}
              {...{ onChange, disabled }}
              needed
            >
              <Grid>
                <TextOf
                  mono
                  path={`${path}.name`}
                  label={t("columnName")}
                  value={column.name}
                  onChange={(name) => set({ ...column, name })}
                />
                <ChoiceOf
                  path={`${path}.type`}
                  label={t("columnType")}
                  value={column.type}
                  options={(["text", "number", "switch"] as const).map((value) => ({
                    ...{ value, label: t(`type.${value}`) },
                  }))}
                  onChange={(type) => set({ ...column, type })}
                />
              </Grid>
              <BothOf
                path={`${path}.label`}
                label={t("columnLabel")}
                value={column.label}
                onChange={(label) => set({ ...column, label })}
              />
            </ListItem>
          );
        })}
      </ol>
      {!disabled && columns.length < 20 && (
        <Button
          variant="secondary"
          size="sm"
          className="w-fit"
          onClick={() =>
            onChange([
              ...columns,
              { name: `column_${columns.length + 1}`, label: { en: "", zh: "" }, type: "text" },
            ])
          }
        >
          <Plus aria-hidden="true" strokeWidth={1.75} />
          {t("addColumn")}
        </Button>
      )}
    </div>
  );
}

/** What a run costs the customer. */
export function PriceSection({ work, onChange }: Omit<WorkProps, "disabled">) {
  const t = useTranslations("officeMade");
  const office = useTranslations("officeTools");
  const { price } = work;
  const kinds =
    work.output.kind === "image" ? (["fixed", "images"] as const) : (["fixed", "tokens"] as const);
  return (
    <Section title={office("section.price")}>
      <Grid>
        <ChoiceOf
          path="work.price.kind"
          label={t("priceKind")}
          value={price.kind}
          options={kinds.map((value) => ({ value, label: t(`price.${value}`) }))}
          onChange={(kind) => onChange({ ...work, price: blankPrice(kind) })}
        />
        {price.kind === "fixed" && (
          <NumberOf
            path="work.price.run"
            label={office("rate.run")}
            value={price.run}
            onChange={(run) => onChange({ ...work, price: { ...price, run: run ?? Number.NaN } })}
          />
        )}
        {price.kind === "images" && (
          <NumberOf
            path="work.price.images"
            label={office("rate.images")}
            value={price.images}
            onChange={(images) => onChange({ ...work, price: { ...price, images: images ?? Number.NaN } })}
          />
        )}
        {price.kind === "tokens" &&
          (["inputTokens", "outputTokens", "minimum", "maximum"] as const).map((name) => (
            <NumberOf
              key={name}
              path={`work.price.${name}`}
              label={office(`rate.${name}`)}
              value={price[name]}
              onChange={(value) => onChange({ ...work, price: { ...price, [name]: value ?? Number.NaN } })}
            />
          ))}
      </Grid>
    </Section>
  );
}
