"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { CopyButton } from "#ui/primitives/copy-button";
import { Segmented } from "#ui/primitives/tabs";
import { fileField } from "#ui/tool-form/form-values";
import { type SnippetLanguage, snippet, snippetLanguages } from "./snippets";
import type { SiteFacts, ToolView } from "./tool-view";
import type { ToolInput } from "./use-tool-input";

const names = { curl: "curl", typescript: "TypeScript", python: "Python" } as const satisfies Record<
  SnippetLanguage,
  string
>;

/** The form's input as requests, in three languages. */
export function ApiTab({ tool, form, site }: { tool: ToolView; form: ToolInput; site: SiteFacts }) {
  const t = useTranslations("tools.api");
  const [language, setLanguage] = useState<SnippetLanguage>("curl");
  const field = fileField(tool.fields)?.name;
  const files = field ? { field, names: form.uploads.items.map(({ name }) => name) } : null;
  const text = snippet(language, {
    ...{ origin: site.baseUrl, keyPrefix: site.keyPrefix },
    ...{ slug: tool.slug, input: form.input, files },
  });
  return (
    <div className="grid gap-4">
      <p className="text-13 text-text-2">
        {t("intro")}{" "}
        {t.rich("auth", {
          keys: (text) => (
            <Link href="/keys" className="underline underline-offset-3 hover:text-text">
              {text}
            </Link>
          ),
        })}
      </p>
      <div className="flex items-center justify-between gap-3">
        <Segmented
          label={t("language")}
          value={language}
          onValueChange={setLanguage}
          options={snippetLanguages.map((value) => ({ value, label: names[value] }))}
        />
        <CopyButton text={text} label={t("copy")} />
      </div>
      <section
        aria-label={names[language]}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-128 overflow-auto rounded-field border border-line bg-sunken"
      >
        <pre className="p-4 font-mono text-12 leading-5 text-text" lang="en">
          {text}
        </pre>
      </section>
      <a href="/api/docs" className="w-fit text-13 text-text-2 underline underline-offset-3 hover:text-text">
        {t("reference")}
      </a>
    </div>
  );
}
