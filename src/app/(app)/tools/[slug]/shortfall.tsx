"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Button } from "#ui/primitives/button";
import type { Quote } from "#ui/runs/use-quote";
import { useFormat } from "#ui/use-format";
import type { SiteFacts } from "./tool-view";
import type { ToolInput } from "./use-tool-input";

type ShortfallProps = {
  need: number;
  have: number;
  short: number;
  quote: Quote | null;
  site: SiteFacts;
  form: ToolInput;
};

/** Too few credits for this setting: by how many, which smaller one fits, and where there are more. */
export function Shortfall({ need, have, short, quote, site, form }: ShortfallProps) {
  const t = useTranslations("tools.short");
  const words = useTranslations("common.credits");
  const format = useFormat();
  const figures = [
    [words("need"), need],
    [words("have"), have],
    [words("short"), short],
  ] as const;
  return (
    <section
      aria-label={words("shortTitle")}
      role="status"
      data-testid="shortfall"
      className="grid gap-3 rounded-field bg-hold-soft px-3.5 py-3"
    >
      <p className="text-14 font-semibold text-text">{words("shortTitle")}</p>
      <dl className="num flex gap-6 text-13">
        {figures.map(([name, credits]) => (
          <div key={name} className="grid">
            <dt className="text-text-2">{name}</dt>
            <dd className="text-16 font-semibold text-text">{format.integer(credits)}</dd>
          </div>
        ))}
      </dl>
      <FewerFiles quote={quote} have={have} form={form} />
      <p className="text-13 text-text-2">
        {t.rich("contact", {
          mail: site.contact,
          link: (mail) => (
            <a href={`mailto:${site.contact}`} className="font-medium text-text underline underline-offset-3">
              {mail}
            </a>
          ),
        })}{" "}
        <Link href="/pricing" className="font-medium text-text underline underline-offset-3">
          {t("plans")}
        </Link>
      </p>
    </section>
  );
}

const perFile = new Set(["images", "files", "documents"]);

/** How many of the chosen files the balance covers, where the price counts files; else that less costs less. */
function FewerFiles({ quote, have, form }: Pick<ShortfallProps, "quote" | "have" | "form">) {
  const t = useTranslations("tools.short");
  const format = useFormat();
  const { items, remove } = form.uploads;
  const [line] = quote?.lines ?? [];
  const counted = quote?.lines.length === 1 && line && perFile.has(line.label) && line.quantity > 1;
  const count = counted ? Math.floor(have / line.unitCredits) : 0;
  if (count < 1 || !line) return <p className="text-13 text-text-2">{t("smaller")}</p>;
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <p className="text-13 text-text-2">
        {t("fewerFiles", {
          count,
          all: items.length,
          price: format.credits(Math.ceil(count * line.unitCredits)),
        })}
      </p>
      <Button
        variant="secondary"
        size="sm"
        onClick={() => {
          for (const { key } of items.slice(count)) remove(key);
        }}
      >
        {t("keepFiles", { count })}
      </Button>
    </div>
  );
}
