"use client";

import { Plus, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { type HttpWork, pricedUnits } from "#tools/made";
import { unitNames } from "#tools/names";
import { Button } from "#ui/primitives/button";
import { Field } from "#ui/primitives/field";
import { IconButton } from "#ui/primitives/icon-button";
import { Select } from "#ui/primitives/select";
import { blankServerPrice } from "./blank";
import { ChoiceOf, FaultOf, Grid, NumberOf, Section, TextOf, useIsPrivateToo } from "./kit";

type WorkProps = { work: HttpWork; onChange: (work: HttpWork) => void };

/** Where the operator's own server is. */
export function ServerSection({ work, onChange }: WorkProps) {
  const t = useTranslations("officeMade");
  const privateToo = useIsPrivateToo();
  return (
    <Section title={t("section.server")} hint={t("section.serverHint")}>
      <TextOf
        mono
        path="work.url"
        label={t("url")}
        hint={t(privateToo ? "urlHintPrivate" : "urlHint")}
        value={work.url}
        onChange={(url) => onChange({ ...work, url: url.trim() })}
      />
      <Grid>
        <NumberOf
          path="work.retries"
          label={t("retries")}
          hint={t("retriesHint")}
          value={work.retries}
          onChange={(retries) => onChange({ ...work, retries: retries ?? Number.NaN })}
        />
      </Grid>
    </Section>
  );
}

type PriceProps = WorkProps & { disabled: boolean };
type UpTo = Extract<HttpWork["price"], { kind: "upTo" }>;

/** What a run costs the customer: always the same, or by what the server says that it used. */
export function ServerPriceSection({ work, onChange, disabled }: PriceProps) {
  const t = useTranslations("officeMade");
  const office = useTranslations("officeTools");
  const { price } = work;
  const set = (next: HttpWork["price"]) => onChange({ ...work, price: next });
  return (
    <Section title={office("section.price")} {...(price.kind === "upTo" && { hint: t("upToHint") })}>
      <Grid>
        <ChoiceOf
          path="work.price.kind"
          label={t("priceKind")}
          value={price.kind}
          options={(["fixed", "upTo"] as const).map((value) => ({ value, label: t(`price.${value}`) }))}
          onChange={(kind) => set(blankServerPrice(kind))}
        />
        {price.kind === "fixed" ? (
          <NumberOf
            path="work.price.run"
            label={office("rate.run")}
            value={price.run}
            onChange={(run) => set({ ...price, run: run ?? Number.NaN })}
          />
        ) : (
          <NumberOf
            path="work.price.minimum"
            label={office("rate.minimum")}
            value={price.minimum}
            onChange={(minimum) => set({ ...price, minimum: minimum ?? Number.NaN })}
          />
        )}
      </Grid>
      {price.kind === "upTo" && <Units {...{ price, disabled }} onChange={set} units={pricedUnits(work)} />}
    </Section>
  );
}

type Unit = (typeof unitNames)[number];
type UnitsProps = {
  price: UpTo;
  units: readonly Unit[];
  onChange: (price: UpTo) => void;
  disabled: boolean;
};

/** What is counted: each with its price, and the most that a run may use of it. */
function Units({ price, units, onChange, disabled }: UnitsProps) {
  const t = useTranslations("officeMade");
  const office = useTranslations("officeTools");
  const id = useId();
  const left = unitNames.filter((unit) => unit !== "run" && !units.includes(unit));
  const keep = (kept: readonly Unit[]) =>
    onChange({
      ...price,
      rates: Object.fromEntries(kept.map((unit) => [unit, price.rates[unit] ?? 1])),
      most: Object.fromEntries(kept.map((unit) => [unit, price.most[unit] ?? 100])),
    });
  return (
    <div className="grid min-w-0 gap-4">
      <FaultOf path="work.price.rates" />
      <ol className="grid min-w-0 gap-4">
        {units.map((unit) => (
          <li key={unit} className="grid min-w-0 gap-3 rounded-card border border-line p-4">
            <div className="flex min-w-0 items-center justify-between gap-2">
              <h3 className="min-w-0 truncate text-14 font-medium">{office(`rate.${unit}`)}</h3>
              {!disabled && (
                <IconButton
                  size="sm"
                  label={t("remove", { name: office(`rate.${unit}`) })}
                  icon={<Trash2 strokeWidth={1.75} />}
                  disabled={units.length === 1}
                  onClick={() => keep(units.filter((one) => one !== unit))}
                />
              )}
            </div>
            <Grid>
              <NumberOf
                path={`work.price.rates.${unit}`}
                label={t("rateOf")}
                value={price.rates[unit] ?? null}
                onChange={(rate) =>
                  onChange({ ...price, rates: { ...price.rates, [unit]: rate ?? Number.NaN } })
                }
              />
              <NumberOf
                path={`work.price.most.${unit}`}
                label={t("mostOf", { unit: t(`units.${unit}`) })}
                value={price.most[unit] ?? null}
                onChange={(most) =>
                  onChange({ ...price, most: { ...price.most, [unit]: most ?? Number.NaN } })
                }
              />
            </Grid>
          </li>
        ))}
      </ol>
      {!disabled && left.length > 0 && (
        <AddUnit id={id} left={left} onAdd={(unit) => keep([...units, unit])} />
      )}
    </div>
  );
}

function AddUnit({ id, left, onAdd }: { id: string; left: readonly Unit[]; onAdd: (unit: Unit) => void }) {
  const t = useTranslations("officeMade");
  const office = useTranslations("officeTools");
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        const chosen = new FormData(event.currentTarget).get("unit");
        const unit = left.find((one) => one === chosen);
        if (unit) onAdd(unit);
      }}
    >
      <Field id={id} label={t("unit")}>
        <Select
          id={id}
          name="unit"
          options={left.map((value) => ({ value, label: office(`rate.${value}`) }))}
        />
      </Field>
      <Button variant="secondary" type="submit">
        <Plus aria-hidden="true" strokeWidth={1.75} />
        {t("addUnit")}
      </Button>
    </form>
  );
}
