"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { OfficeReportJson, ReportedResultJson } from "#api/contract";
import { api } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { Dialog } from "#ui/primitives/dialog";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";

type ResultSheetProps = { report: OfficeReportJson; onClose: () => void };

/** A customer's result, shown only after a second click that says what it means. */
export function ResultSheet({ report, onClose }: ResultSheetProps) {
  const t = useTranslations("officeReports");
  const problemText = useProblemText();
  const look = useMutation({
    mutationFn: () => api.post<ReportedResultJson>(`/admin/reports/${report.id}/look`),
  });
  return (
    <Dialog
      shape="sheet"
      className="sm:w-[560px]"
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("sheet.title")}
      description={t("sheet.text")}
    >
      {look.data ? (
        <Result result={look.data} />
      ) : (
        <div className="grid justify-items-start gap-3">
          <Button busy={look.isPending} onClick={() => look.mutate()}>
            {t("sheet.show")}
          </Button>
          {look.error && (
            <p role="alert" className="text-13 text-danger">
              {problemText(look.error)}
            </p>
          )}
        </div>
      )}
    </Dialog>
  );
}

const pictures = /^image\/(png|jpeg|webp|avif|gif)$/;

function Result({ result: { text, outputs } }: { result: ReportedResultJson }) {
  const format = useFormat();
  const texts = outputs.some((output) => output.text !== null);
  return (
    <div className="grid gap-5">
      {text !== null && !texts && <ResultText text={text} />}
      {outputs.map(({ position, name, mediaType, bytes, text, url }) => (
        <figure key={position} className="grid gap-2">
          <figcaption className="text-13">
            <a href={url} className="wrap-anywhere font-medium underline-offset-4 hover:underline">
              {name}
            </a>{" "}
            <span className="text-text-3">{format.bytes(bytes)}</span>
          </figcaption>
          {text !== null && <ResultText text={text} />}
          {pictures.test(mediaType) && (
            // biome-ignore lint/performance/noImgElement: private files of the API, which the optimizer may not fetch
            <img src={`${url}?inline=1`} alt={name} className="checkerboard w-full rounded-field" />
          )}
        </figure>
      ))}
    </div>
  );
}

function ResultText({ text }: { text: string }) {
  return (
    <pre className="max-h-[60dvh] overflow-y-auto rounded-field border border-line bg-sunken p-3.5 font-sans text-13 wrap-anywhere whitespace-pre-wrap text-text">
      {text}
    </pre>
  );
}
