"use client";

import { useTranslations } from "next-intl";
import { cn } from "#cn";
import { useCopy } from "#ui/primitives/copy-button";
import { toast } from "#ui/primitives/toast";
import { Tooltip } from "#ui/primitives/tooltip";
import { useMinute } from "#ui/state/states";
import { useFormat } from "#ui/use-format";

type TimestampProps = {
  /** A moment, as the API writes it. */
  at: string;
  /** How it reads in the page; relative until it is a week old, unless said otherwise. */
  look?: "relative" | "dateTime";
  className?: string;
};

/** A time; on hover and focus how long ago, local and UTC. A press copies it in UTC. */
export function Timestamp({ at, look = "relative", className }: TimestampProps) {
  const t = useTranslations("common.time");
  const common = useTranslations("common");
  const format = useFormat();
  const now = useMinute();
  const { copied, copy } = useCopy();
  const rows = [
    [t("relative"), now ? format.relative(at, now) : ""],
    [t("local"), `${format.exactTime(at)}`],
    [t("utc"), format.utc(at)],
  ] as const;
  return (
    <Tooltip
      className="max-w-none"
      content={
        copied ? (
          common("copied")
        ) : (
          <dl className="grid grid-cols-[auto_auto] gap-x-3 gap-y-0.5">
            {rows.map(([name, text]) => (
              <div key={name} className="contents">
                <dt className="opacity-70">{name}</dt>
                <dd className="num">{text}</dd>
              </div>
            ))}
          </dl>
        )
      }
    >
      <button
        type="button"
        onClick={() => {
          copy(new Date(at).toISOString()).catch(() => toast.failure(common("copyFailed")));
        }}
        className={cn("num cursor-default whitespace-nowrap rounded-control text-13 text-text-2", className)}
      >
        <time dateTime={at}>
          {look === "relative" && now ? format.relative(at, now) : format.dateTime(at)}
        </time>
      </button>
    </Tooltip>
  );
}
