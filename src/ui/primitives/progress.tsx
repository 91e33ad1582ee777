import { cn } from "#cn";

type ProgressProps = {
  /** What is under way, for screen readers. */
  label: string;
  /** 0 to 1; null when there is no measure. */
  value: number | null;
  className?: string;
};

/** A thin bar. Blue: something runs. */
export function Progress({ label, value, className }: ProgressProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(value !== null && { "aria-valuenow": Math.round(value * 100) })}
      className={cn("h-1 overflow-hidden rounded-full bg-line", className)}
    >
      {value === null ? (
        <div className="h-full w-2/5 animate-sweep rounded-full bg-info" />
      ) : (
        <div
          className="h-full origin-left rounded-full bg-info transition-transform duration-320 ease-out"
          style={{ transform: `scaleX(${Math.min(1, Math.max(0, value))})` }}
        />
      )}
    </div>
  );
}
