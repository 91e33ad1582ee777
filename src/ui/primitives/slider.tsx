"use client";

import { Slider as Radix } from "radix-ui";
import { cn } from "#cn";

type SliderProps = {
  /** Names the handle for screen readers. */
  label: string;
  value: number;
  onValueChange: (value: number) => void;
  min: number;
  max: number;
  step?: number;
  /** The value in words, such as "80 %". */
  valueText?: string;
  disabled?: boolean;
  id?: string;
  className?: string;
};

/** A number within bounds, by pointer or arrow keys; the handle's target is 44 px. */
export function Slider({
  label,
  value,
  onValueChange,
  min,
  max,
  step = 1,
  valueText,
  disabled = false,
  id,
  className,
}: SliderProps) {
  return (
    <Radix.Root
      {...(id && { id })}
      value={[value]}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      onValueChange={([next]) => next !== undefined && onValueChange(next)}
      className={cn("relative flex h-9 w-full touch-none select-none items-center", className)}
    >
      <Radix.Track className="relative h-1 grow overflow-hidden rounded-full bg-line">
        <Radix.Range className="absolute h-full bg-primary" />
      </Radix.Track>
      <Radix.Thumb
        aria-label={label}
        {...(valueText && { "aria-valuetext": valueText })}
        className="relative block size-4.5 rounded-full border-2 border-primary bg-surface transition-transform duration-120 before:absolute before:-inset-3.5 before:content-[''] active:scale-110"
      />
    </Radix.Root>
  );
}
