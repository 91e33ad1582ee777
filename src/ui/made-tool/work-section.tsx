"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { MadeDefinition } from "#tools/made";
import { workKinds } from "#tools/names";
import { blankPrompt, blankServer } from "./blank";
import { ChoiceOf, Grid, Section } from "./kit";
import { OutputSection, PriceSection } from "./output-section";
import { PromptSection } from "./prompt-section";
import { ServerPriceSection, ServerSection } from "./server-section";

type Work = MadeDefinition["work"];
type WorkProps = { made: MadeDefinition; onChange: (work: Work) => void; disabled: boolean };

/** Who does the work, how, and what it costs. */
export function WorkSection({ made, onChange, disabled }: WorkProps) {
  const t = useTranslations("officeMade");
  const { work, fields } = made;
  // Whoever only looks at the other kind finds theirs as they left it.
  const [others, setOthers] = useState<readonly Work[]>([blankPrompt, blankServer]);
  const choose = (kind: Work["kind"]) => {
    if (kind === work.kind) return;
    const next = others.find((other) => other.kind === kind);
    setOthers([...others.filter((other) => other.kind === kind), work]);
    if (next) onChange(next);
  };
  return (
    <>
      <Section title={t("section.work")}>
        <Grid>
          <ChoiceOf
            path="work.kind"
            label={t("workKind")}
            value={work.kind}
            options={workKinds.map((value) => ({ value, label: t(`work.${value}`) }))}
            onChange={choose}
          />
        </Grid>
      </Section>
      {work.kind === "prompt" ? (
        <>
          <PromptSection {...{ work, fields, onChange, disabled }} />
          <OutputSection {...{ work, onChange, disabled }} />
          <PriceSection {...{ work, onChange }} />
        </>
      ) : (
        <>
          <ServerSection {...{ work, onChange }} />
          <ServerPriceSection {...{ work, onChange, disabled }} />
        </>
      )}
    </>
  );
}
