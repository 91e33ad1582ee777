"use client";

import { Ban, CircleX, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useFormat } from "#ui/use-format";
import type { Run } from "./run";

/** A failed run: why, in words; that nothing was charged; what to do; by which id to ask about it. */
export function RunFailed({ run, actions }: { run: Run; actions: ReactNode }) {
  const t = useTranslations("runs.view");
  const errors = useTranslations("toolErrors");
  const problems = useTranslations("problems");
  const format = useFormat();
  const { error, held, returned } = run;
  const reason = error && (errors.has(error.code) ? errors(error.code) : error.message);
  // A server of the operator's says itself what is wrong with an input; whoever tests a tool is told of every fault.
  const said = error && (error.code === "tool_refused" || run.trial) ? error.message : "";
  return (
    <Ending
      icon={<CircleX className="text-danger" strokeWidth={1.75} />}
      title={held > 0 ? t("failedTitle") : t("failedFree")}
      text={
        <>
          {reason ?? problems("fault")} {said && <q className="wrap-anywhere">{said}</q>}
        </>
      }
      credits={returned > 0 ? t("failedReturned", { credits: format.credits(returned) }) : null}
      actions={actions}
    >
      {error && <code className="font-mono text-12 text-text-3">{error.code}</code>}
    </Ending>
  );
}

/** A canceled run: what came back, and what was charged for text already written. */
export function RunCanceled({ run, actions }: { run: Run; actions: ReactNode }) {
  const t = useTranslations("runs.view");
  const format = useFormat();
  const { held, charged, returned } = run;
  const credits = () => {
    if (held === 0) return t("canceledFree");
    if (charged === 0) return t("canceledText", { credits: format.credits(returned) });
    return t("canceledCharged", { charged: format.credits(charged), returned: format.credits(returned) });
  };
  return (
    <Ending
      icon={<Ban className="text-text-2" strokeWidth={1.75} />}
      title={t("canceledTitle")}
      text={credits()}
      actions={actions}
    />
  );
}

/** A run whose input and results are past their time. */
export function RunPurged({ actions }: { actions: ReactNode }) {
  const t = useTranslations("runs.view");
  return (
    <Ending
      icon={<Trash2 className="text-text-2" strokeWidth={1.75} />}
      title={t("purgedTitle")}
      text={t("purgedText")}
      actions={actions}
    />
  );
}

/** A run whose result staff have removed. */
export function RunRemoved({ actions }: { actions: ReactNode }) {
  const t = useTranslations("runs.report");
  return (
    <Ending
      icon={<Trash2 className="text-text-2" strokeWidth={1.75} />}
      title={t("removedTitle")}
      text={t("removedText")}
      actions={actions}
    />
  );
}

type EndingProps = {
  icon: ReactNode;
  title: ReactNode;
  text: ReactNode;
  credits?: ReactNode;
  actions: ReactNode;
  children?: ReactNode;
};

function Ending({ icon, title, text, credits, actions, children }: EndingProps) {
  return (
    <div role="status" className="grid justify-items-start gap-4 p-4 sm:p-5">
      <div className="flex items-start gap-3">
        <span aria-hidden="true" className="mt-px [&_svg]:size-5">
          {icon}
        </span>
        <div className="grid gap-1">
          <p className="text-14 font-semibold text-text">{title}</p>
          <p className="max-w-prose text-14 text-text-2">{text}</p>
          {credits && <p className="text-13 text-text-2">{credits}</p>}
        </div>
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      {children}
    </div>
  );
}
