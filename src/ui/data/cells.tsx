"use client";

import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { cn } from "#cn";
import { useCopy } from "#ui/primitives/copy-button";
import { toast } from "#ui/primitives/toast";
import { Tooltip } from "#ui/primitives/tooltip";
import { useMinute } from "#ui/state/states";
import { useFormat } from "#ui/use-format";

type TimeProps = {
  at: Date | string;
  /** How it stands in the page; hover and focus tell the rest. */
  show?: "relative" | "date" | "dateTime";
  className?: string;
};

/** A time: relative, local and UTC on hover and focus; pressing copies the UTC text. */
export function Time({ at, show = "relative", className }: TimeProps) {
  const t = useTranslations("common");
  const format = useFormat();
  const now = useMinute();
  const { copied, copy } = useCopy();
  const relative = now ? format.relative(at, now) : null;
  const shown = {
    relative: relative ?? format.dateTime(at),
    date: format.date(at),
    dateTime: format.dateTime(at),
  };
  const rows = [
    [t("time.relative"), relative ?? "—"],
    [t("time.local"), `${format.exactTime(at)} ${format.timeZone}`],
    [t("time.utc"), format.utc(at)],
  ] as const;
  return (
    <Tooltip
      className="max-w-none"
      content={
        <span className="grid gap-1.5">
          <span className="num grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
            {rows.map(([name, text]) => (
              <span key={name} className="contents">
                <span className="opacity-70">{name}</span>
                <span>{text}</span>
              </span>
            ))}
          </span>
          <span className="opacity-70">{copied ? t("copied") : t("data.copyTime")}</span>
        </span>
      }
    >
      <button
        type="button"
        className={cn(
          "num relative z-1 rounded-[4px] whitespace-nowrap text-text-2 decoration-line-strong decoration-dotted underline-offset-3 hover:underline",
          className,
        )}
        onClick={() => copy(format.utc(at)).catch(() => toast.failure(t("copyFailed")))}
      >
        <time dateTime={new Date(at).toISOString()}>{shown[show]}</time>
      </button>
    </Tooltip>
  );
}

type MonoIdProps = {
  id: string;
  /** What it identifies, for "Copy run id". */
  label: string;
  /** Show only the first characters. */
  short?: boolean;
  className?: string;
};

/** An id in mono type with a real copy button. */
export function MonoId({ id, label, short = false, className }: MonoIdProps) {
  const t = useTranslations("common");
  const { copied, copy } = useCopy();
  const Icon = copied ? Check : Copy;
  return (
    <span
      className={cn("inline-flex max-w-full items-center gap-1 font-mono text-12 text-text-2", className)}
    >
      <span className="truncate" title={id}>
        {short && id.length > 14 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id}
      </span>
      <button
        type="button"
        aria-label={copied ? t("copied") : t("copyThing", { thing: label })}
        onClick={() => copy(id).catch(() => toast.failure(t("copyFailed")))}
        className="relative z-1 grid size-6 shrink-0 place-items-center rounded-[4px] text-text-3 hover:bg-hover hover:text-text pointer-coarse:size-10"
      >
        <Icon className="size-3.5" strokeWidth={1.75} />
      </button>
    </span>
  );
}
