import type { ReactNode } from "react";
import { cn } from "#cn";

export type SamplesProps = {
  /** Unlike for each frame: ids begin with it. */
  frame: string;
};

type SampleProps = { name: string; className?: string; children: ReactNode };

/** One component with its states. */
export function Sample({ name, className, children }: SampleProps) {
  return (
    <div className="grid min-w-0 gap-2.5">
      <p className="eyebrow">{name}</p>
      <div className={cn("flex min-w-0 flex-wrap items-start gap-3", className)}>{children}</div>
    </div>
  );
}
