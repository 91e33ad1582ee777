"use client";

import { ArrowRight, Search, X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useEffect, useRef } from "react";
import { Badge } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Input } from "#ui/primitives/input";
import { Kbd } from "#ui/primitives/kbd";
import { Select } from "#ui/primitives/select";
import { Segmented } from "#ui/primitives/tabs";
import { Empty } from "#ui/state/states";
import { ToolTile } from "#ui/tool-icon";
import { UnitPriceLines, type UnitPrices } from "#ui/tool-price";
import { useFormat } from "#ui/use-format";
import { tellOfVainSearch } from "#ui/visits";
import { nearestTools, searchTools } from "./gallery-search";

export type ToolCard = {
  slug: string;
  category: (typeof categories)[number];
  icon: string;
  name: string;
  summary: string;
  takes: string;
  gives: string;
  price: UnitPrices | null;
  medianSeconds: number | null;
  /** The setting without which it does not run. */
  missing: string | null;
  /** Switched off: no new run begins. */
  off: boolean;
  tryable: boolean;
};

const categories = ["documents", "images", "text"] as const;
const shownCategories = ["all", ...categories] as const;
const sorts = ["featured", "name", "price", "speed"] as const;

/** The tools as cards; what is searched and how it is sorted stand in the URL. */
export function Gallery({ tools }: { tools: readonly ToolCard[] }) {
  const t = useTranslations("tools");
  const [{ q, category, sort }, setView] = useQueryStates({
    q: parseAsString.withDefault(""),
    category: parseAsStringLiteral(shownCategories).withDefault("all"),
    sort: parseAsStringLiteral(sorts).withDefault("featured"),
  });
  const locale = useFormat().locale;
  const found = searchTools(tools, q).filter((tool) => category === "all" || tool.category === category);
  const shown = sorted(found, sort, locale);
  const vain = shown.length === 0 && q.trim() !== "" ? q.trim() : null;
  useEffect(() => {
    // Once somebody has stopped typing.
    const timer = vain === null ? undefined : setTimeout(() => tellOfVainSearch(vain), 1500);
    return () => clearTimeout(timer);
  }, [vain]);
  return (
    <div className="grid gap-6">
      <div className="flex flex-wrap items-center gap-3">
        <SearchBox value={q} onChange={(next) => setView({ q: next || null })} />
        <Segmented
          label={t("category")}
          value={category}
          onValueChange={(next) => setView({ category: next })}
          options={shownCategories.map((value) => ({ value, label: t(`categories.${value}`) }))}
          className="max-w-full overflow-x-auto"
        />
        <Select
          aria-label={t("sort")}
          value={sort}
          onChange={(event) => setView({ sort: sorts.find((known) => known === event.target.value) ?? null })}
          options={sorts.map((value) => ({ value, label: t(`sorts.${value}`) }))}
          className="w-40 sm:ml-auto"
        />
      </div>
      <p role="status" className="sr-only">
        {t("count", { count: shown.length })}
      </p>
      {shown.length > 0 ? (
        <Cards tools={shown} />
      ) : (
        <NothingFound
          query={q}
          near={nearestTools(tools, q)}
          onClear={() => setView({ q: null, category: null })}
        />
      )}
    </div>
  );
}

function SearchBox({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useTranslations("tools");
  const common = useTranslations("common");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
      if (
        event.key !== "/" ||
        typing ||
        event.metaKey ||
        event.ctrlKey ||
        document.querySelector("[role=dialog]")
      ) {
        return;
      }
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
  return (
    <search className="relative w-full sm:w-72">
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-text-3"
        strokeWidth={1.75}
      />
      <Input
        ref={input}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        aria-label={t("searchLabel")}
        aria-keyshortcuts="/"
        placeholder={t("searchPlaceholder")}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onChange("")}
        className="px-9"
      />
      {value ? (
        <button
          type="button"
          aria-label={common("clear")}
          onClick={() => onChange("")}
          className="absolute top-1/2 right-1 grid size-8 -translate-y-1/2 place-items-center rounded-control text-text-3 hover:text-text"
        >
          <X className="size-4" strokeWidth={1.75} />
        </button>
      ) : (
        <Kbd className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 pointer-coarse:hidden">
          /
        </Kbd>
      )}
    </search>
  );
}

function Cards({ tools }: { tools: readonly ToolCard[] }) {
  return (
    <ul className="grid gap-3 sm:grid-cols-2 sm:gap-4 xl:grid-cols-3">
      {tools.map((tool) => (
        <li key={tool.slug}>
          <Card tool={tool} />
        </li>
      ))}
    </ul>
  );
}

function Card({ tool }: { tool: ToolCard }) {
  const t = useTranslations("tools");
  const common = useTranslations("common.state");
  const format = useFormat();
  return (
    <Link
      href={`/tools/${tool.slug}`}
      className="group grid h-full grid-rows-[auto_1fr_auto] gap-4 rounded-card border border-line bg-surface p-4 transition-colors duration-120 hover:border-line-strong sm:p-5"
    >
      <div className="flex items-start justify-between gap-3">
        <ToolTile name={tool.icon} />
        {tool.off ? (
          <Badge>{common("off")}</Badge>
        ) : tool.missing ? (
          <Badge>{common("notConfigured")}</Badge>
        ) : (
          tool.tryable && <Badge>{t("tryable")}</Badge>
        )}
      </div>
      <div className="grid content-start gap-1">
        <h2 className="text-16 font-semibold text-text">{tool.name}</h2>
        <p className="text-14 text-text-2">{tool.summary}</p>
      </div>
      <div className="grid gap-3">
        <p className="flex items-center gap-2 text-13 text-text-3">
          <span className="truncate">{tool.takes}</span>
          <ArrowRight aria-hidden="true" className="size-3.5 shrink-0" strokeWidth={1.75} />
          <span className="truncate">{tool.gives}</span>
        </p>
        <p className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 border-t border-line pt-3 text-13">
          <span className="num font-medium text-mint-text">
            {tool.price && <UnitPriceLines price={tool.price} />}
          </span>
          {tool.medianSeconds !== null && (
            <span className="num text-text-3">
              {t("usually", { time: format.duration(tool.medianSeconds) })}
            </span>
          )}
        </p>
      </div>
    </Link>
  );
}

type NothingFoundProps = { query: string; near: readonly ToolCard[]; onClear: () => void };

function NothingFound({ query, near, onClear }: NothingFoundProps) {
  const t = useTranslations("tools");
  return (
    <div className="grid gap-4">
      <Empty
        icon={<Search strokeWidth={1.75} />}
        title={t("noMatch", { query })}
        text={near.length > 0 ? t("noMatchText") : undefined}
        action={
          <Button variant="secondary" size="sm" onClick={onClear}>
            {t("showAll")}
          </Button>
        }
      />
      {near.length > 0 && (
        <section aria-label={t("near")} className="grid gap-3">
          <h2 className="text-14 font-semibold text-text">{t("near")}</h2>
          <Cards tools={near} />
        </section>
      )}
    </div>
  );
}

function sorted(
  tools: readonly ToolCard[],
  sort: (typeof sorts)[number],
  locale: string,
): readonly ToolCard[] {
  const last = Number.POSITIVE_INFINITY;
  const by = {
    featured: () => 0,
    name: (a: ToolCard, b: ToolCard) => a.name.localeCompare(b.name, locale),
    price: (a: ToolCard, b: ToolCard) => (a.price?.credits ?? last) - (b.price?.credits ?? last) || 0,
    speed: (a: ToolCard, b: ToolCard) => (a.medianSeconds ?? last) - (b.medianSeconds ?? last) || 0,
  };
  return [...tools].sort(by[sort]);
}
