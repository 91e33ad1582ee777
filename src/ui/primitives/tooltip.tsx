"use client";

import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "#cn";
import { Kbd } from "./kbd";

type TooltipProps = {
  content: ReactNode;
  shortcut?: string;
  side?: "top" | "right" | "bottom" | "left";
  className?: string;
  children: ReactNode;
};

/** A short name or explanation on hover and focus. Never the only place of something people need. */
export function Tooltip({ content, shortcut, side = "top", className, children }: TooltipProps) {
  return (
    <Radix.Provider delayDuration={300} skipDelayDuration={200}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            side={side}
            sideOffset={6}
            collisionPadding={8}
            className={cn(
              "z-50 flex max-w-72 animate-fade items-center gap-2 rounded-control bg-primary px-2.5 py-1.5 text-12 text-on-primary",
              className,
            )}
          >
            {content}
            {shortcut && (
              <Kbd className="border-on-primary/30 bg-transparent text-on-primary">{shortcut}</Kbd>
            )}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
