"use client";

import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { MadeCodesJson } from "#api/contract";
import { csvText } from "#ui/charts/csv";
import { useLast } from "#ui/office/use-last";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { saveText } from "#ui/save-text";

type MadeCodesProps = { made: MadeCodesJson | null; onClose: () => void };

/** Codes that were just made: to save now, for nobody can show them again. */
export function MadeCodes({ made, onClose }: MadeCodesProps) {
  const t = useTranslations("officeCodes.batch");
  const shown = useLast(made);
  const [saved, setSaved] = useState(false);
  useEffect(() => {
    if (made) setSaved(false);
  }, [made]);
  if (!shown) return null;
  const { batch, codes } = shown;
  const save = () => {
    saveText(csvOf(shown), `codes-${batch.name.replace(/[^\p{L}\p{N}]+/gu, "-")}.csv`, "text/csv");
    setSaved(true);
  };
  return (
    <Dialog
      open={made !== null}
      onOpenChange={(open) => !open && onClose()}
      dismissible={saved}
      title={t("made", { count: codes.length })}
      description={t("madeText")}
      footer={
        <>
          <Button variant="secondary" onClick={onClose}>
            {t(saved ? "done" : "closeAnyway")}
          </Button>
          <Button onClick={save}>
            <Download aria-hidden="true" strokeWidth={1.75} />
            {t("download")}
          </Button>
        </>
      }
    >
      <pre
        data-testid="made-codes"
        className="max-h-60 overflow-auto rounded-field border border-line bg-sunken p-3.5 font-mono text-13 text-text"
      >
        {codes.slice(0, 100).join("\n")}
        {codes.length > 100 && "\n…"}
      </pre>
    </Dialog>
  );
}

function csvOf({ batch, codes }: MadeCodesJson): string {
  const { credits, uses, expiresAt } = batch;
  const lines = codes.map((code) => [code, `${credits}`, `${uses}`, expiresAt ?? ""]);
  return csvText([["code", "credits", "uses", "until"], ...lines]);
}
