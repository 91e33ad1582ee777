"use client";

import { Tabs as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "#cn";

export const Tabs = Radix.Root;

/** The row of tabs; scrolls sideways when there is no room. */
export function TabList({ className, ...props }: ComponentProps<typeof Radix.List>) {
  return (
    <Radix.List
      className={cn(
        "flex gap-5 overflow-x-auto border-b border-line [scrollbar-width:none] *:shrink-0",
        className,
      )}
      {...props}
    />
  );
}

export function Tab({ className, ...props }: ComponentProps<typeof Radix.Trigger>) {
  return (
    <Radix.Trigger
      className={cn(
        "relative -mb-px flex h-10 items-center gap-2 border-b-2 border-transparent text-14 text-text-2 transition-colors duration-120 hover:text-text focus-visible:-outline-offset-2 data-[state=active]:border-primary data-[state=active]:font-medium data-[state=active]:text-text",
        className,
      )}
      {...props}
    />
  );
}

export function TabPanel({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  return <Radix.Content className={cn("pt-5 focus-visible:outline-offset-4", className)} {...props} />;
}

type SegmentedProps<V extends string> = {
  /** What is chosen, for screen readers. */
  label: string;
  value: V;
  onValueChange: (value: V) => void;
  options: readonly { value: V; label: ReactNode }[];
  className?: string;
};

/** Two to four choices side by side that hold at once: a view, a format. */
export function Segmented<V extends string>({
  label,
  value,
  onValueChange,
  options,
  className,
}: SegmentedProps<V>) {
  return (
    <fieldset
      className={cn(
        "inline-flex min-w-0 max-w-full flex-wrap rounded-field border border-line bg-sunken p-0.5",
        className,
      )}
      aria-label={label}
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onValueChange(option.value)}
          className="inline-flex h-7 items-center justify-center gap-1.5 whitespace-nowrap rounded-control border border-transparent px-2.5 text-13 text-text-2 transition-colors duration-120 hover:text-text aria-pressed:border-line aria-pressed:bg-surface aria-pressed:font-medium aria-pressed:text-text pointer-coarse:h-9 [&_svg]:size-4"
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
