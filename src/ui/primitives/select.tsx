import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "#cn";
import { controlStyle } from "./input";

export type Option = { value: string; label: string; disabled?: boolean };

type SelectProps = Omit<ComponentProps<"select">, "children"> & { options: readonly Option[] };

/** The platform's own select: right on phones, for screen readers and by keyboard. */
export function Select({ options, className, ...props }: SelectProps) {
  return (
    <span className={cn("relative inline-grid w-full", className)}>
      <select className={cn(controlStyle, "h-9 cursor-pointer appearance-none truncate pr-9")} {...props}>
        {options.map(({ value, label, disabled }) => (
          <option key={value} value={value} disabled={disabled}>
            {label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-text-3"
        strokeWidth={1.75}
      />
    </span>
  );
}
