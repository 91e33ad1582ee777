import type { Metadata } from "next";
import { cookies } from "next/headers";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { type Guide, readGuide, type Section } from "#ui/docs/guide";
import { languageCookie } from "#ui/docs/language-cookie";
import { markdownOf } from "#ui/docs/markdown";
import { languages } from "#ui/docs/samples";
import { Button } from "#ui/primitives/button";
import { Card } from "#ui/primitives/card";
import { CopyButton } from "#ui/primitives/copy-button";
import { CodeBlock } from "#ui/public/code-block";
import { pageMetadata } from "#ui/shell/metadata";
import { pageSession } from "#ui/shell/session";
import { SampleLanguage, SampleTabs } from "./sample-tabs";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("docs");
  return pageMetadata({ path: "/docs", title: t("title"), description: t("description") });
}

/** The guide to the API; whoever is signed in finds their own account and key's prefix in the samples. */
export default async function DocsPage() {
  const t = await getTranslations("docs");
  const guide = await readGuide(await pageSession());
  const kept = (await cookies()).get(languageCookie)?.value;
  return (
    <SampleLanguage initial={languages.find((known) => known === kept) ?? "curl"}>
      <div className="page grid max-w-4xl gap-12 py-12 md:py-16">
        <header className="grid gap-4">
          <h1 className="font-display text-40 font-semibold">{guide.title}</h1>
          <p className="max-w-prose text-18 text-text-2">{guide.lead}</p>
          <div className="flex flex-wrap gap-3">
            <Button asChild variant="secondary">
              <a href="/api/docs">{t("reference")}</a>
            </Button>
            <CopyButton wide text={markdownOf(guide)} label={t("copyMarkdown")} />
            <Button asChild variant="quiet">
              <a href="/api/openapi.json">{t("openapi")}</a>
            </Button>
            <Button asChild variant="quiet">
              <a href="/llms.txt">llms.txt</a>
            </Button>
          </div>
        </header>
        {guide.sections.map((section) => (
          <Part key={section.id} section={section} />
        ))}
        <Errors errors={guide.errors} />
      </div>
    </SampleLanguage>
  );
}

async function Part({ section: { id, title, text, code, setting } }: { section: Section }) {
  const t = await getTranslations("docs");
  return (
    <section aria-labelledby={id} className="grid min-w-0 gap-3">
      <h2 id={id} className="scroll-mt-20 text-18 font-semibold">
        {title}
      </h2>
      <p className="max-w-prose text-14 text-text-2">{text}</p>
      {id === "key" && (
        <p>
          <Button asChild size="sm" variant="secondary">
            <Link href="/keys">{t("keyAction")}</Link>
          </Button>
        </p>
      )}
      {setting && <CodeBlock code={setting} label={t("copySetting")} />}
      {typeof code === "string" && <CodeBlock code={code} label={t("copy")} />}
      {code && typeof code !== "string" && (
        <SampleTabs samples={code} label={`${t("language")}: ${title}`} copy={t("copy")} />
      )}
    </section>
  );
}

function Errors({ errors: { title, text, heads, rows, others } }: { errors: Guide["errors"] }) {
  return (
    <section aria-labelledby="errors" className="grid min-w-0 gap-3">
      <h2 id="errors" className="scroll-mt-20 text-18 font-semibold">
        {title}
      </h2>
      <p className="max-w-prose text-14 text-text-2">{text}</p>
      <ErrorTable label={title} heads={heads} rows={rows} />
      <details className="grid min-w-0">
        <summary className="w-fit cursor-pointer rounded-control py-1 text-14 text-text-2 hover:text-text">
          {others.title}
        </summary>
        <div className="mt-2 grid min-w-0 gap-3">
          <p className="max-w-prose text-14 text-text-2">{others.text}</p>
          <ErrorTable label={others.title} heads={heads} rows={others.rows} />
        </div>
      </details>
    </section>
  );
}

type ErrorTableProps = Pick<Guide["errors"], "heads" | "rows"> & { label: string };

function ErrorTable({ label, heads, rows }: ErrorTableProps) {
  return (
    <Card className="overflow-x-auto" tabIndex={0} aria-label={label}>
      <table className="w-full text-13">
        <thead className="text-left text-12 text-text-3">
          <tr className="*:h-9 *:border-b *:border-line *:px-4 *:font-medium *:whitespace-nowrap">
            <th scope="col">{heads.status}</th>
            <th scope="col">{heads.code}</th>
            <th scope="col">{heads.meaning}</th>
            <th scope="col">{heads.fix}</th>
            <th scope="col">{heads.again}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ status, code, meaning, fix, again }) => (
            <tr key={code} className="border-b border-line last:border-0 *:px-4 *:py-2.5 *:align-top">
              <td className="num text-text-2">{status}</td>
              <td className="font-mono text-12">{code}</td>
              <td className="min-w-48 text-text-2">{meaning}</td>
              <td className="min-w-48 text-text-2">{fix}</td>
              <td className="min-w-24 text-text-2">{again}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
