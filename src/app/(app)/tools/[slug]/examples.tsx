"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#ui/primitives/button";
import type { ToolView } from "./tool-view";
import type { ToolInput } from "./use-tool-input";

type ExamplesProps = { tool: ToolView; form: ToolInput; onUsed: () => void };

/** Inputs to begin with; their files come from the site's own samples. */
export function Examples({ tool, form, onUsed }: ExamplesProps) {
  const t = useTranslations("tools.form");
  const [busy, setBusy] = useState<string | null>(null);
  if (tool.examples.length === 0) return null;

  const use = async ({ title, input, samples }: ToolView["examples"][number]) => {
    onUsed();
    setBusy(title);
    try {
      const files = await Promise.all(samples.map(fetchSample));
      form.fill(input);
      if (samples.length > 0) {
        form.uploads.put([]);
        form.uploads.add(files);
      }
    } finally {
      setBusy(null);
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="text-13 text-text-3">{t("examples")}</span>
      {tool.examples.map((example) => (
        <Button
          key={example.title}
          variant="secondary"
          size="sm"
          busy={busy === example.title}
          aria-label={t("useExample", { title: example.title })}
          onClick={() => void use(example)}
        >
          {example.title}
        </Button>
      ))}
    </div>
  );
}

async function fetchSample(name: string): Promise<File> {
  const answer = await fetch(`/samples/${name}`);
  if (!answer.ok) throw new Error(`The sample ${name} answered ${answer.status}.`);
  const blob = await answer.blob();
  return new File([blob], name, { type: blob.type });
}
