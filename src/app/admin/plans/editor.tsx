"use client";

import { ArrowDown, ArrowUp, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryState } from "nuqs";
import type { Catalogue, Pack, Plan } from "#billing/catalogue";
import { cn } from "#cn";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { LiveCard } from "./live-card";
import { PackForm } from "./pack-form";
import { PlanForm } from "./plan-form";

type EditorProps = {
  content: Catalogue;
  published: Catalogue;
  onChange: (content: Catalogue) => void;
  mayChange: boolean;
  wrong: readonly { path: string; message: string }[];
};

/** What there is, the form of one, and the card as customers will see it. Which one stands in the URL. */
export function Editor({ content, onChange, mayChange }: EditorProps) {
  const t = useTranslations("officePlans");
  const [chosen, choose] = useQueryState("item", parseAsString.withDefault("plan:pro"));
  const [kind, id] = chosen.split(":");
  const plan = kind === "plan" ? content.plans.find((one) => one.id === id) : undefined;
  const pack = kind === "pack" ? content.packs.find((one) => one.id === id) : undefined;
  const setPlan = (next: Plan) =>
    onChange({ ...content, plans: content.plans.map((one) => (one.id === next.id ? next : one)) });
  const setPack = (next: Pack) =>
    onChange({ ...content, packs: content.packs.map((one) => (one.id === next.id ? next : one)) });
  const add = () => {
    const added = newPack(content.packs);
    onChange({ ...content, packs: [...content.packs, added] });
    void choose(`pack:${added.id}`);
  };
  const shown = plan ?? pack;
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[200px_minmax(0,1fr)_300px]">
      <Items content={content} chosen={chosen} choose={choose} onAdd={mayChange ? add : null} />
      <Card className="grid gap-5 p-5">
        {shown && mayChange && (
          <Place content={content} kind={plan ? "plans" : "packs"} id={shown.id} onChange={onChange} />
        )}
        <fieldset disabled={!mayChange} className="grid min-w-0 gap-5">
          <legend className="sr-only">{t("form")}</legend>
          {plan && <PlanForm key={plan.id} plan={plan} onChange={setPlan} />}
          {pack && <PackForm key={pack.id} pack={pack} onChange={setPack} />}
        </fieldset>
      </Card>
      <LiveCard plan={plan} pack={pack} />
    </div>
  );
}

type ItemsProps = {
  content: Catalogue;
  chosen: string;
  choose: (item: string) => unknown;
  onAdd: (() => void) | null;
};

function Items({ content, chosen, choose, onAdd }: ItemsProps) {
  const t = useTranslations("officePlans");
  const names = useTranslations("pricing.plan");
  const items = [
    ...content.plans.map(({ id, archived }) => ({ item: `plan:${id}`, name: names(id), archived })),
    ...content.packs.map(({ id, archived }) => ({
      item: `pack:${id}`,
      name: t("packNamed", { id }),
      archived,
    })),
  ];
  return (
    <nav aria-label={t("items")} className="grid gap-1">
      {items.map(({ item, name, archived }) => (
        <button
          key={item}
          type="button"
          aria-current={item === chosen ? "true" : undefined}
          onClick={() => choose(item)}
          className={cn(
            "flex min-h-9 items-center justify-between gap-2 rounded-control px-3 text-left text-14 text-text-2 hover:bg-hover pointer-coarse:min-h-11",
            "aria-[current=true]:bg-hover aria-[current=true]:font-medium aria-[current=true]:text-text",
          )}
        >
          {name}
          {archived && <Badge>{t("archived")}</Badge>}
        </button>
      ))}
      {onAdd && (
        <Button variant="quiet" size="sm" className="justify-self-start" onClick={onAdd}>
          <Plus aria-hidden="true" strokeWidth={1.75} />
          {t("addPack")}
        </Button>
      )}
    </nav>
  );
}

type PlaceProps = {
  content: Catalogue;
  kind: "plans" | "packs";
  id: string;
  onChange: (content: Catalogue) => void;
};

/** Where it stands on the pricing page. */
function Place({ content, kind, id, onChange }: PlaceProps) {
  const t = useTranslations("officePlans");
  const list: readonly { id: string }[] = content[kind];
  const at = list.findIndex((one) => one.id === id);
  const move = (by: number) =>
    onChange(
      kind === "plans"
        ? { ...content, plans: moved(content.plans, at, at + by) }
        : { ...content, packs: moved(content.packs, at, at + by) },
    );
  return (
    <div className="flex items-center justify-between gap-2 text-13 text-text-3">
      <span className="num">{t("place", { place: at + 1, count: list.length })}</span>
      <span className="flex gap-1">
        <Button
          variant="quiet"
          size="sm"
          aria-label={t("earlier")}
          disabled={at <= 0}
          onClick={() => move(-1)}
        >
          <ArrowUp aria-hidden="true" strokeWidth={1.75} />
        </Button>
        <Button
          variant="quiet"
          size="sm"
          aria-label={t("later")}
          disabled={at === list.length - 1}
          onClick={() => move(1)}
        >
          <ArrowDown aria-hidden="true" strokeWidth={1.75} />
        </Button>
      </span>
    </div>
  );
}

function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, position) => position !== from);
  const item = list[from];
  return item === undefined ? rest : [...rest.slice(0, to), item, ...rest.slice(to)];
}

/** Begins as the largest pack, under a name of its own. */
function newPack(packs: readonly Pack[]): Pack {
  const number = packs.length + 1;
  const taken = new Set(packs.map(({ id }) => id));
  const id = [number, number + 1, number + 2, number + 3, number + 4]
    .map((one) => `pack-${one}`)
    .find((name) => !taken.has(name));
  const largest = packs.at(-1);
  return {
    ...{ credits: 1_000, bonus: 0, expiresAfterMonths: 12 },
    prices: { usd: 1_500, eur: 1_500, gbp: 1_300, cny: 11_000, jpy: 2_300 },
    ...largest,
    ...{ id: id ?? `pack-${Date.now()}`, archived: false },
  };
}
