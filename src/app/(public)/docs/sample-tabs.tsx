"use client";

import { createContext, type ReactNode, useContext, useState } from "react";
import { keepPreference } from "#ui/cookie";
import { languageCookie } from "#ui/docs/language-cookie";
import { type Language, languages, type Samples } from "#ui/docs/samples";
import { Segmented } from "#ui/primitives/tabs";
import { CodeBlock } from "#ui/public/code-block";

const names = { curl: "curl", typescript: "TypeScript", python: "Python" } as const satisfies Record<
  Language,
  string
>;

type Choice = { language: Language; choose: (language: Language) => void };
const Chosen = createContext<Choice | null>(null);

/** One choice of language for all samples of the page, kept for the next visit. */
export function SampleLanguage({ initial, children }: { initial: Language; children: ReactNode }) {
  const [language, setLanguage] = useState(initial);
  const choose = (next: Language) => {
    setLanguage(next);
    keepPreference(languageCookie, next);
  };
  return <Chosen value={{ language, choose }}>{children}</Chosen>;
}

type SampleTabsProps = {
  samples: Samples;
  /** What is chosen, for screen readers. */
  label: string;
  /** The copy button's name. This page's words stay on the server: they are long. */
  copy: string;
};

/** A sample in the chosen language. */
export function SampleTabs({ samples, label, copy }: SampleTabsProps) {
  const choice = useContext(Chosen);
  const language = choice?.language ?? "curl";
  return (
    <div className="grid min-w-0 gap-3">
      <Segmented
        label={label}
        value={language}
        onValueChange={(next) => choice?.choose(next)}
        options={languages.map((value) => ({ value, label: names[value] }))}
        className="justify-self-start"
      />
      <CodeBlock code={samples[language]} label={copy} />
    </div>
  );
}
