"use client";

import { FileText } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { typeLabel } from "#ui/files/media-types";
import { ResultView } from "#ui/files/result-view";
import { useFormat } from "#ui/use-format";
import type { Run, RunFile, RunOutput } from "./run";

type RunResultProps = { run: Run; actions: ReactNode; report: ReactNode };

/** What a run made: one result large, the others to choose from, and what one may do next. */
export function RunResult({ run, actions, report }: RunResultProps) {
  const t = useTranslations("runs.view");
  const format = useFormat();
  const [position, setPosition] = useState(0);
  const { outputs } = run;
  const output = outputs.find((one) => one.position === position) ?? outputs[0];
  return (
    <div data-testid="run-result" className="grid gap-4 p-4 sm:p-5">
      {outputs.length > 1 && (
        <Chooser outputs={outputs} chosen={output?.position ?? 0} onChoose={setPosition} />
      )}
      {output && (
        <ResultView
          key={output.position}
          output={{ ...output, text: textOf(run, output) }}
          before={sourceOf(run, output)}
          columns={run.columns}
        />
      )}
      <Facts run={run} />
      <div className="flex flex-wrap items-center gap-2">
        {actions}
        <p className="text-12 text-text-3">{t("expires", { date: format.date(run.expiresAt) })}</p>
        {report && <span className="sm:ml-auto">{report}</span>}
      </div>
    </div>
  );
}

/** Small texts come with the run; a streamed one is the run's own. */
function textOf(run: Run, output: RunOutput): string | null {
  return output.text ?? (run.outputs.length === 1 ? run.text : null);
}

/** Pictures that browsers show in place, by the types the API sends so. */
const shown = new Set(["image/png", "image/jpeg", "image/webp", "image/avif", "image/gif"]);

/**
 * The picture that a result was made of, to compare. A tool that makes one picture of each keeps their order;
 * a picture of another shape lies badly over its source.
 */
function sourceOf(run: Run, output: RunOutput): { url: string; name: string } | undefined {
  if (run.outputs.length !== run.files.length || !shown.has(output.mediaType)) return undefined;
  const source = run.files[run.outputs.indexOf(output)];
  if (!source || !shown.has(source.mediaType) || !sameShape(source, output)) return undefined;
  return { url: `${source.url}?inline=1`, name: source.name };
}

type Sized = Pick<RunFile, "width" | "height">;

function sameShape(one: Sized, other: Sized): boolean {
  if (!one.width || !one.height || !other.width || !other.height) return false;
  return Math.abs((one.width / one.height) * (other.height / other.width) - 1) < 0.02;
}

type ChooserProps = {
  outputs: readonly RunOutput[];
  chosen: number;
  onChoose: (position: number) => void;
};

function Chooser({ outputs, chosen, onChoose }: ChooserProps) {
  const t = useTranslations("runs.view");
  return (
    <fieldset
      aria-label={t("outputs", { count: outputs.length })}
      className="flex gap-2 overflow-x-auto p-0.5"
    >
      {outputs.map(({ position, name, mediaType, url }, index) => (
        <button
          key={position}
          type="button"
          aria-pressed={position === chosen}
          aria-label={t("choose", { position: index + 1, count: outputs.length, name })}
          title={name}
          onClick={() => onChoose(position)}
          className="grid size-14 shrink-0 place-items-center overflow-hidden rounded-field border border-line bg-sunken text-text-3 aria-pressed:border-primary aria-pressed:outline-2 aria-pressed:-outline-offset-1 aria-pressed:outline-primary"
        >
          {shown.has(mediaType) ? (
            // biome-ignore lint/performance/noImgElement: private files of the API, which the optimizer may not fetch
            <img src={`${url}?inline=1`} alt="" className="checkerboard size-full object-cover" />
          ) : (
            <span className="grid justify-items-center gap-0.5 text-12" aria-hidden="true">
              <FileText className="size-5" strokeWidth={1.75} />
              <span className="max-w-13 truncate">{typeLabel(mediaType)}</span>
            </span>
          )}
        </button>
      ))}
    </fieldset>
  );
}

/** What the tool has to say about its result; figures it has no words for are left out. */
function Facts({ run }: { run: Run }) {
  const format = useFormat();
  const runs = useTranslations("runs.facts");
  const t = useTranslations("toolFacts");
  const { bytesBefore, bytesAfter, ...others } = run.facts ?? {};
  const parts: string[] = [];
  if (typeof bytesBefore === "number" && typeof bytesAfter === "number" && bytesBefore > 0) {
    const saved = 1 - bytesAfter / bytesBefore;
    const percent = format.percent(Math.abs(saved));
    parts.push(
      `${format.bytes(bytesBefore)} → ${format.bytes(bytesAfter)}`,
      saved >= 0 ? runs("smaller", { percent }) : runs("larger", { percent }),
    );
  }
  for (const [name, value] of Object.entries(others)) {
    // Rounded first: what reads "1" is one.
    if (typeof value === "number" && t.has(name)) parts.push(t(name, { value: Math.round(value * 10) / 10 }));
  }
  if (parts.length === 0) return null;
  return <p className="num text-13 text-text-2">{parts.join(" · ")}</p>;
}
