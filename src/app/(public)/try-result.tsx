"use client";

import { ArrowRight, Check, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Button } from "#ui/primitives/button";
import { CopyButton } from "#ui/primitives/copy-button";
import { Progress } from "#ui/primitives/progress";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";
import type { Trial } from "./use-trial";

type Going = Exclude<Trial, { state: "idle" }>;

/** The picture above, what becomes of it below. */
export function TryResult({ trial, onAgain }: { trial: Going; onAgain: () => void }) {
  const t = useTranslations("landing.try");
  const common = useTranslations("common");
  return (
    <div className="grid min-h-0 grid-rows-[auto_1fr_auto] gap-4">
      <div className="checkerboard grid h-32 place-items-center overflow-hidden rounded-field border border-line">
        {/* biome-ignore lint/performance/noImgElement: the visitor's own file, a blob */}
        <img src={trial.picture} alt="" className="size-full min-h-0 object-contain p-2" />
      </div>
      <div aria-live="polite" className="min-h-0">
        <Outcome trial={trial} />
      </div>
      <footer className="flex flex-wrap items-center gap-2">
        {trial.state === "done" && (
          <>
            <Button asChild>
              <Link href="/sign-up">
                {t("keep")}
                <ArrowRight strokeWidth={1.75} />
              </Link>
            </Button>
            <CopyButton wide text={trial.text} label={common("copy")} />
          </>
        )}
        {(trial.state === "done" || trial.state === "failed") && (
          <Button variant="quiet" onClick={onAgain}>
            <RotateCcw strokeWidth={1.75} />
            {t("again")}
          </Button>
        )}
        {trial.state === "done" && <p className="w-full text-12 text-text-3">{t("deleted")}</p>}
      </footer>
    </div>
  );
}

function Outcome({ trial }: { trial: Going }) {
  const t = useTranslations("landing.try");
  const tools = useTranslations("toolErrors");
  const format = useFormat();
  const problem = useProblemText();
  switch (trial.state) {
    case "sending":
      return <Waiting text={t("uploading")} value={trial.fraction} />;
    case "going": {
      const { status, queuePosition, progress } = trial.run;
      const queued = queuePosition ? t("queuedAt", { place: queuePosition }) : t("queued");
      return <Waiting text={status === "queued" ? queued : t("running")} value={progress} />;
    }
    case "failed": {
      const code = codeOf(trial.error);
      return (
        <div role="alert" className="grid gap-1 rounded-field bg-danger-soft px-3.5 py-3 text-14">
          <p className="font-medium text-danger">{t("failed")}</p>
          <p className="text-text">{code && tools.has(code) ? tools(code) : problem(trial.error)}</p>
        </div>
      );
    }
    case "done":
      return (
        <div className="grid gap-2">
          <p className="num inline-flex items-center gap-1.5 text-13 text-text-2">
            <Check aria-hidden="true" className="size-4" strokeWidth={2} />
            {t("done", { time: format.duration(trial.seconds) })}
          </p>
          <section
            aria-label={t("resultLabel")}
            data-testid="try-text"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
            tabIndex={0}
            className="max-h-44 overflow-auto rounded-field border border-line bg-sunken px-3.5 py-3 text-14 whitespace-pre-wrap"
          >
            {trial.text.trim() || t("noText")}
          </section>
        </div>
      );
  }
}

/** The code of a run that ended in failure; requests that failed are Problems and have their own words. */
function codeOf(error: unknown): string | null {
  if (error instanceof Error || typeof error !== "object" || error === null || !("code" in error))
    return null;
  return typeof error.code === "string" ? error.code : null;
}

function Waiting({ text, value }: { text: string; value: number | null }) {
  return (
    <div className="grid gap-2.5">
      <p className="text-14 text-text-2">{text}</p>
      <Progress label={text} value={value} />
    </div>
  );
}
