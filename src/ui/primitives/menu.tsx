"use client";

import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "#cn";
import { Kbd } from "./kbd";

type MenuProps = {
  trigger: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "right" | "bottom" | "left";
  className?: string;
  children: ReactNode;
};

/** A menu of actions at its trigger. */
export function Menu({ trigger, align = "end", side = "bottom", className, children }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={cn(
            "z-50 min-w-48 animate-rise rounded-card border border-line bg-surface p-1 shadow-raised",
            className,
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const itemStyle =
  "flex min-h-8 cursor-pointer select-none items-center gap-2.5 rounded-control px-2.5 py-1.5 text-14 text-text outline-none data-[highlighted]:bg-hover data-[disabled]:pointer-events-none data-[disabled]:opacity-45 pointer-coarse:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-text-3";

type MenuItemProps = ComponentProps<typeof Radix.Item> & { shortcut?: string; danger?: boolean };

export function MenuItem({ shortcut, danger = false, className, children, ...props }: MenuItemProps) {
  return (
    <Radix.Item className={cn(itemStyle, danger && "text-danger [&_svg]:text-danger", className)} {...props}>
      {/* A link in the item's place must be its only child. */}
      {shortcut ? (
        <>
          {children}
          <Kbd className="ml-auto">{shortcut}</Kbd>
        </>
      ) : (
        children
      )}
    </Radix.Item>
  );
}

type MenuChoiceProps<V extends string> = {
  label: string;
  value: V;
  onValueChange: (value: V) => void;
  options: readonly { value: V; label: ReactNode; lang?: string }[];
};

/** One of a few values, with a tick at the one that holds. */
export function MenuChoice<V extends string>({ label, value, onValueChange, options }: MenuChoiceProps<V>) {
  return (
    <Radix.RadioGroup
      value={value}
      onValueChange={(next) => {
        const option = options.find((known) => known.value === next);
        if (option) onValueChange(option.value);
      }}
    >
      <MenuLabel>{label}</MenuLabel>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={itemStyle} lang={option.lang}>
          {option.label}
          <Radix.ItemIndicator className="ml-auto">
            <Check strokeWidth={1.75} />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2.5 pt-2 pb-1 text-12 text-text-3">{children}</Radix.Label>;
}

export function MenuLine() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
}
