import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { config } from "#platform/config";
import { CompareSlider } from "#ui/files/compare-slider";
import { Button } from "#ui/primitives/button";
import { CopyButton } from "#ui/primitives/copy-button";
import { serverFormat } from "#ui/server-format";

/** A picture that our own upscaler made, both ways. */
export async function CompareSection() {
  const t = await getTranslations("landing.compare");
  return (
    <section aria-labelledby="compare-title" className="page pt-24 max-md:pt-16">
      <div className="grid items-center gap-8 lg:grid-cols-[1fr_1.5fr] lg:gap-14">
        <Words
          id="compare-title"
          title={t("title")}
          text={t("text", { before: "300 × 200", after: "1,200 × 800" })}
        >
          <p className="text-14 text-text-3">{t("note")}</p>
          <Button asChild variant="secondary">
            <Link href="/tools/upscale">{t("link")}</Link>
          </Button>
        </Words>
        <CompareSlider
          before={{ src: "/landing/seeds-before.webp", alt: t("beforeAlt") }}
          after={{ src: "/landing/seeds-after.webp", alt: t("afterAlt") }}
          width={1200}
          height={800}
          start={62}
        />
      </div>
    </section>
  );
}

/** How credits move, as the history shows it. */
export async function LedgerSection() {
  const t = await getTranslations("landing.ledger");
  const c = await getTranslations("common.credits");
  const format = await serverFormat();
  const rows = [
    { what: t("rowHold"), state: c("onHold"), style: "text-hold", change: -8, after: 92 },
    { what: t("rowCharge"), state: c("charged"), style: "text-text-2", change: 0, after: 92 },
    { what: t("rowFail"), state: c("onHold"), style: "text-hold", change: -6, after: 86 },
    { what: t("rowReturn"), state: c("returned"), style: "text-text-2", change: 6, after: 92 },
  ];
  return (
    <section aria-labelledby="ledger-title" className="page pt-24 max-md:pt-16">
      <div className="grid items-center gap-8 lg:grid-cols-[1.5fr_1fr] lg:gap-14">
        <figure className="rounded-card border border-line bg-surface max-lg:order-last">
          <figcaption className="eyebrow border-b border-line px-5 py-2.5">{t("example")}</figcaption>
          <table className="w-full text-13 sm:text-14">
            <thead className="text-left text-12 text-text-3">
              <tr className="*:h-9 *:border-b *:border-line *:font-medium">
                <th scope="col" className="pl-5">
                  {t("what")}
                </th>
                <th scope="col" className="text-right">
                  {t("change")}
                </th>
                <th scope="col" className="pr-5 pl-4 text-right">
                  {t("after")}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ what, state, style, change, after }) => (
                <tr key={what} className="*:h-14 *:border-b *:border-line last:*:border-0">
                  <td className="pl-5">
                    <span className="block text-text">{what}</span>
                    <span className={`block text-12 ${style}`}>{state}</span>
                  </td>
                  <td className="text-right font-medium whitespace-nowrap">{format.signed(change)}</td>
                  <td className="pr-5 pl-4 text-right text-text-2">{format.integer(after)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </figure>
        <Words id="ledger-title" title={t("title")} text={t("text")} />
      </div>
    </section>
  );
}

/** The API in one sample that runs as it stands. */
export async function ApiSection() {
  const t = await getTranslations("landing.api");
  const sample = `curl ${config().baseUrl}/api/v1/tools`;
  return (
    <section aria-labelledby="api-title" className="page pt-24 max-md:pt-16">
      <div className="grid items-center gap-8 lg:grid-cols-[1fr_1.5fr] lg:gap-14">
        <Words id="api-title" title={t("title")} text={t("text")}>
          <div className="flex flex-wrap gap-3">
            <Button asChild variant="secondary">
              <Link href="/docs">{t("docs")}</Link>
            </Button>
            <Button asChild variant="quiet">
              <a href="/api/docs">
                {t("reference")}
                <ArrowRight strokeWidth={1.75} />
              </a>
            </Button>
          </div>
        </Words>
        <div className="dark min-w-0 overflow-hidden rounded-card border border-line bg-surface text-text">
          <div className="flex items-center justify-between border-b border-line py-1.5 pr-2 pl-5">
            <span className="eyebrow">GET /api/v1/tools</span>
            <CopyButton text={sample} label={t("copy")} />
          </div>
          <pre className="overflow-x-auto px-5 py-4 font-mono text-13 leading-6">
            <code>
              <span className="text-text-3">$ </span>
              {sample}
              {"\n"}
              <span className="text-text-2">{answer}</span>
            </code>
          </pre>
        </div>
      </div>
    </section>
  );
}

const answer = `{
  "data": [
    {
      "slug": "text-recognition",
      "name": "Read text from images",
      …
    }
  ],
  "nextCursor": null
}`;

type WordsProps = { id: string; title: string; text: string; children?: ReactNode };

function Words({ id, title, text, children }: WordsProps) {
  return (
    <div className="grid justify-items-start gap-4">
      <h2 id={id} className="font-display text-30 font-semibold">
        {title}
      </h2>
      <p className="text-16 text-text-2">{text}</p>
      {children}
    </div>
  );
}
