"use client";

import { CircleAlert, PlugZap, SearchX, WifiOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { cn } from "#cn";
import { Problem } from "#ui/api";
import { Button } from "#ui/primitives/button";
import { CopyButton } from "#ui/primitives/copy-button";
import { useProblemText } from "#ui/problem-text";
import { useFormat } from "#ui/use-format";

type PanelProps = {
  icon?: ReactNode;
  title: ReactNode;
  text?: ReactNode;
  action?: ReactNode;
  /** A pale sample of what will stand here. */
  sample?: ReactNode;
  className?: string;
};

/** Nothing here yet: why, one action, and a sample of what will stand there. */
export function Empty({ icon, title, text, action, sample, className }: PanelProps) {
  return (
    <div className={cn("grid justify-items-center gap-4 px-6 py-12 text-center", className)}>
      {icon && (
        <span
          aria-hidden="true"
          className="grid size-10 place-items-center rounded-card border border-line bg-sunken text-text-2 [&_svg]:size-5"
        >
          {icon}
        </span>
      )}
      <div className="grid gap-1">
        <p className="text-14 font-semibold text-text">{title}</p>
        {text && <p className="max-w-96 text-13 text-text-2">{text}</p>}
      </div>
      {action}
      {sample && (
        <div
          aria-hidden="true"
          className="w-full max-w-md opacity-60 [mask-image:linear-gradient(black,transparent)]"
        >
          {sample}
        </div>
      )}
    </div>
  );
}

/** A search or filter that nothing fits. */
export function NoMatch({ onClear, hint }: { onClear?: () => void; hint?: ReactNode }) {
  const t = useTranslations("common.state");
  return (
    <Empty
      icon={<SearchX strokeWidth={1.75} />}
      title={t("noMatchTitle")}
      text={hint ?? t("noMatchText")}
      action={
        onClear && (
          <Button variant="secondary" size="sm" onClick={onClear}>
            {t("clearFilters")}
          </Button>
        )
      }
    />
  );
}

type FailureProps = {
  /** What was thrown; its code becomes a sentence, its request id is shown. */
  error: unknown;
  title?: ReactNode;
  onRetry?: () => void;
  className?: string;
};

/** A part that failed alone: what happened, that no credits moved, what to do, and the request id. */
export function Failure({ error, title, onRetry, className }: FailureProps) {
  const t = useTranslations("common");
  const text = useProblemText();
  const requestId = error instanceof Problem ? error.requestId : null;
  return (
    <div role="alert" className={cn("grid justify-items-center gap-4 px-6 py-10 text-center", className)}>
      <CircleAlert aria-hidden="true" className="size-5 text-danger" strokeWidth={1.75} />
      <div className="grid gap-1">
        <p className="text-14 font-semibold text-text">{title ?? t("state.failureTitle")}</p>
        <p className="max-w-96 text-13 text-text-2">{text(error)}</p>
      </div>
      {onRetry && (
        <Button variant="secondary" size="sm" onClick={onRetry}>
          {t("retry")}
        </Button>
      )}
      {requestId && (
        <p className="flex max-w-full flex-wrap items-center justify-center gap-x-1 text-12 text-text-3">
          {t("state.requestId")} <span className="font-mono break-all">{requestId}</span>
          <CopyButton text={requestId} label={t("copyThing", { thing: t("state.requestId") })} />
        </p>
      )}
    </div>
  );
}

/** Says since when the data stands, where the last refresh failed. */
export function Stale({ at, onRetry }: { at: Date | string; onRetry?: () => void }) {
  const t = useTranslations("common");
  const format = useFormat();
  const now = useMinute();
  return (
    <p role="status" className="inline-flex items-center gap-2 text-12 text-hold">
      {t("state.stale", { time: now ? format.relative(at, now) : format.hour(at) })}
      {onRetry && (
        <button type="button" onClick={onRetry} className="font-medium underline underline-offset-2">
          {t("retry")}
        </button>
      )}
    </p>
  );
}

/** A tool or part that the operator has to set up first; `missing` is the setting's name. */
export function NotConfigured({ missing, className }: { missing: string; className?: string }) {
  const t = useTranslations("common.state");
  return (
    <div
      className={cn(
        "flex items-start gap-2.5 rounded-field border border-line bg-sunken px-3.5 py-3 text-13 text-text-2",
        className,
      )}
    >
      <PlugZap aria-hidden="true" className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
      <p>
        <span className="font-medium text-text">{t("notConfigured")}.</span>{" "}
        {t("notConfiguredText", { missing })}
      </p>
    </div>
  );
}

/** The line that says there is no network, and what that means for runs. */
export function OfflineNotice() {
  const t = useTranslations("common.state");
  return (
    <div role="status" className="border-b border-line bg-hold-soft text-13 text-text">
      <p className="mx-auto flex items-center gap-2 px-4 py-2 md:px-6">
        <WifiOff aria-hidden="true" className="size-4 shrink-0 text-hold" strokeWidth={1.75} />
        <span>
          <span className="font-medium">{t("offlineTitle")}.</span> {t("offlineText")}
        </span>
      </p>
    </div>
  );
}

/** The current time, moving each half minute; null until the browser has taken over. */
export function useMinute(): Date | null {
  const [now, setNow] = useState<Date | null>(null);
  useEffect(() => {
    setNow(new Date());
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
