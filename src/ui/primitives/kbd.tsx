import type { ReactNode } from "react";
import { cn } from "#cn";

/** A key of the keyboard. */
export function Kbd({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <kbd
      className={cn(
        "inline-flex h-5 min-w-5 items-center justify-center rounded-[4px] border border-line bg-surface px-1 font-sans text-12 text-text-2",
        className,
      )}
    >
      {children}
    </kbd>
  );
}
