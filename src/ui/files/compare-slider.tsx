"use client";

import { MoveHorizontal } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { cn } from "#cn";
import { useFormat } from "#ui/use-format";

type Picture = { src: string; alt: string };

type CompareSliderProps = {
  before: Picture;
  after: Picture;
  /** Width by height of the result, so that nothing shifts while it loads. */
  width: number;
  height: number;
  /** Shows transparent parts. */
  checkered?: boolean;
  /** Where it starts, in percent. */
  start?: number;
  className?: string;
};

/**
 * Two pictures, one over the other, and a line between them. A range input lies over both: arrow keys, Home,
 * End, name and value come with it, and a finger may land anywhere.
 */
export function CompareSlider({
  before,
  after,
  width,
  height,
  checkered = false,
  start = 50,
  className,
}: CompareSliderProps) {
  const t = useTranslations("common");
  const format = useFormat();
  const [percent, setPercent] = useState(start);
  const picture = "absolute inset-0 size-full object-contain select-none";
  return (
    <div
      className={cn(
        "group relative isolate w-full overflow-hidden rounded-card border border-line bg-sunken",
        checkered && "checkerboard",
        className,
      )}
      style={{ aspectRatio: `${width} / ${height}` }}
    >
      {/* biome-ignore lint/performance/noImgElement: results are private and already of their size */}
      <img src={after.src} alt={after.alt} className={picture} draggable={false} />
      <div
        className={cn("absolute inset-0", checkered ? "checkerboard" : "bg-sunken")}
        style={{ clipPath: `inset(0 ${100 - percent}% 0 0)` }}
      >
        {/* biome-ignore lint/performance/noImgElement: as above */}
        <img src={before.src} alt={before.alt} className={picture} draggable={false} />
      </div>
      <Tag className="left-3" hidden={percent < 16}>
        {t("before")}
      </Tag>
      <Tag className="right-3" hidden={percent > 84}>
        {t("after")}
      </Tag>
      <span
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 w-0.5 -translate-x-1/2 bg-surface shadow-raised"
        style={{ left: `${percent}%` }}
      >
        <span className="absolute top-1/2 left-1/2 grid size-11 -translate-1/2 place-items-center rounded-full border border-line bg-surface text-text shadow-raised group-has-[:focus-visible]:outline-2 group-has-[:focus-visible]:outline-offset-2 group-has-[:focus-visible]:outline-ring">
          <MoveHorizontal className="size-5" strokeWidth={1.75} />
        </span>
      </span>
      <input
        type="range"
        min={0}
        max={100}
        step={1}
        value={percent}
        aria-label={t("compare")}
        aria-valuetext={`${t("before")} ${format.percent(percent / 100)}`}
        onChange={(event) => setPercent(event.target.valueAsNumber)}
        className="absolute inset-0 m-0 size-full cursor-ew-resize touch-pan-y opacity-0"
      />
    </div>
  );
}

function Tag({ className, hidden, children }: { className: string; hidden: boolean; children: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "pointer-events-none absolute top-3 rounded-control bg-primary/85 px-2 py-0.5 text-12 font-medium text-on-primary transition-opacity duration-120",
        hidden && "opacity-0",
        className,
      )}
    >
      {children}
    </span>
  );
}
