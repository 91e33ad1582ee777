"use client";

import { useTranslations } from "next-intl";
import type { MadeDefinition } from "#tools/made";
import { ExamplesSection } from "./examples-section";
import { FieldsSection } from "./fields-section";
import { FormOf } from "./kit";
import { OfferSection, WordsSection } from "./offer-section";
import { WorkSection } from "./work-section";

type DefinitionProps = {
  made: MadeDefinition;
  /** By path, in words. */
  faults: ReadonlyMap<string, string>;
  onChange: (made: MadeDefinition) => void;
  disabled: boolean;
  /** A server of one's own network may be named. */
  privateToo: boolean;
  /** How many fields besides these are marked. */
  more?: number;
};

/** Everything that a made tool says, section by section. */
export function DefinitionForm(props: DefinitionProps) {
  const { made, faults, onChange, disabled, privateToo, more = 0 } = props;
  const t = useTranslations("officeMade");
  return (
    <FormOf {...{ faults, disabled, privateToo }} server={made.work.kind === "http"}>
      <div className="grid min-w-0 gap-8" data-testid="definition">
        <WordsSection made={made} onChange={onChange} />
        <FieldsSection made={made} onChange={onChange} disabled={disabled} />
        <WorkSection made={made} onChange={(work) => onChange({ ...made, work })} disabled={disabled} />
        <OfferSection made={made} onChange={onChange} />
        <ExamplesSection made={made} onChange={onChange} disabled={disabled} />
        {faults.size + more > 0 && (
          <p role="status" className="text-13 text-text-2">
            {t("faults", { count: faults.size + more })}
          </p>
        )}
      </div>
    </FormOf>
  );
}
