import { Ban, Check, Clock3, X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "#cn";
import { Spinner } from "#ui/icons";

const tones = {
  neutral: "border-line bg-sunken text-text-2",
  mint: "border-transparent bg-mint-soft text-mint-text",
  hold: "border-transparent bg-hold-soft text-hold",
  danger: "border-transparent bg-danger-soft text-danger",
  info: "border-transparent bg-info-soft text-info",
  ok: "border-transparent bg-ok-soft text-ok",
} as const;

type BadgeProps = { tone?: keyof typeof tones; className?: string; children: ReactNode };

/** A word about a thing. `mint` only for credits, `ok` only for operators. */
export function Badge({ tone = "neutral", className, children }: BadgeProps) {
  return (
    <span
      className={cn(
        "inline-flex h-6 items-center gap-1.5 whitespace-nowrap rounded-full border px-2 text-12 font-medium [&_svg]:size-3.5",
        tones[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}

export type RunStatus = "queued" | "running" | "succeeded" | "failed" | "canceled";

const looks = {
  queued: { tone: "neutral", icon: <Clock3 strokeWidth={1.75} aria-hidden="true" /> },
  running: { tone: "info", icon: <Spinner /> },
  succeeded: { tone: "neutral", icon: <Check strokeWidth={2.25} aria-hidden="true" /> },
  failed: { tone: "danger", icon: <X strokeWidth={2.25} aria-hidden="true" /> },
  canceled: { tone: "neutral", icon: <Ban strokeWidth={1.75} aria-hidden="true" /> },
} as const;

/** Where a run stands. Done is neutral with a tick: a green pill beside mint would read as credits. */
export function Status({ status, className }: { status: RunStatus; className?: string }) {
  const t = useTranslations("common.status");
  const { tone, icon } = looks[status];
  return (
    <Badge tone={tone} {...(className && { className })}>
      {icon}
      {t(status)}
    </Badge>
  );
}
