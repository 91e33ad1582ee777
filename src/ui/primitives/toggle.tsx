"use client";

import { Check } from "lucide-react";
import { Checkbox as RadixCheckbox, Switch as RadixSwitch } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "#cn";

type ToggleProps = { id: string; label: ReactNode; hint?: ReactNode };

/** A setting that holds at once. On is ink: mint stays with credits. */
export function Switch({
  id,
  label,
  hint,
  className,
  ...props
}: ToggleProps & ComponentProps<typeof RadixSwitch.Root>) {
  return (
    <Labelled id={id} label={label} hint={hint} className={cn("justify-between", className)}>
      <RadixSwitch.Root
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="relative order-last h-5 w-9 shrink-0 rounded-full bg-line-strong transition-colors duration-120 data-[state=checked]:bg-primary disabled:opacity-45"
        {...props}
      >
        <RadixSwitch.Thumb className="block size-4 translate-x-0.5 rounded-full bg-surface transition-transform duration-120 ease-out data-[state=checked]:translate-x-4.5" />
      </RadixSwitch.Root>
    </Labelled>
  );
}

/** One of several choices, or consent; holds when the form is sent. */
export function Checkbox({
  id,
  label,
  hint,
  className,
  ...props
}: ToggleProps & ComponentProps<typeof RadixCheckbox.Root>) {
  return (
    <Labelled id={id} label={label} hint={hint} className={cn(className)}>
      <RadixCheckbox.Root
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="mt-px grid size-4.5 shrink-0 place-items-center rounded-[4px] border border-line-strong bg-surface text-on-primary transition-colors duration-120 data-[state=checked]:border-primary data-[state=checked]:bg-primary aria-invalid:border-danger disabled:opacity-45"
        {...props}
      >
        <RadixCheckbox.Indicator>
          <Check className="size-3.5" strokeWidth={2.5} />
        </RadixCheckbox.Indicator>
      </RadixCheckbox.Root>
    </Labelled>
  );
}

function Labelled({
  id,
  label,
  hint,
  className,
  children,
}: ToggleProps & { className?: string; children: ReactNode }) {
  return (
    <div className={cn("flex items-start gap-2.5 pointer-coarse:py-2", className)}>
      {children}
      <div className="grid gap-0.5">
        <label htmlFor={id} className="text-14 text-text">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-13 text-text-3">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
