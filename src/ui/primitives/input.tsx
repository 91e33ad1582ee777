import type { ComponentProps } from "react";
import { cn } from "#cn";

/** The look that all text controls share; 16 px on touch, so that phones do not zoom in. */
export const controlStyle = cn(
  "w-full min-w-0 rounded-field border border-line-strong/70 bg-surface px-3 text-14 text-text max-sm:text-16 pointer-coarse:min-h-11",
  "transition-colors duration-120 placeholder:text-text-3 hover:border-line-strong",
  "focus-visible:border-ring focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-ring/40",
  "aria-invalid:border-danger aria-invalid:focus-visible:outline-danger/40",
  "disabled:cursor-not-allowed disabled:bg-sunken disabled:text-text-3",
);

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn(controlStyle, "h-9", className)} {...props} />;
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea rows={5} className={cn(controlStyle, "min-h-24 resize-y py-2", className)} {...props} />;
}
